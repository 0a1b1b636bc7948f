"""Commands for models: what this computer can do, fetching a stronger model, and changing to it."""

import uuid
from dataclasses import asdict
from typing import Annotated

import typer

from jobs.models.catalogue import entry
from jobs.models.choosing import use_base
from jobs.models.installed import installed, require
from jobs.models.overview import Offer, Overview, offers, overview
from jobs.requests import Prepare
from storage.records import Json
from studio.commands.options import grouped
from studio.commands.output import Output, say, show
from studio.commands.telling import settle, wait_for
from studio.commands.working import desk
from studio.needing import needing
from studio.wording import machine as words
from studio.wording.numbers import size


@grouped
def listed(context: typer.Context, output: Output) -> None:
    """Say what this computer can do, and which models fit it."""
    if context.invoked_subcommand is not None:
        return
    with desk() as at:
        seen = overview(at.workspace)
        all_offers = offers(seen, at.settings.models)
    show(output, _shape(seen, all_offers), _in_words(seen, all_offers))


@grouped
def fetch(model: Annotated[str, typer.Argument(metavar="ID", help="The model's id.")], output: Output) -> None:
    """Fetch a model, so that it can be used and taught; what breaks off goes on at the next attempt."""
    with desk() as at:
        wanted = entry(model)
        if installed(at.settings.models, wanted.id) is None:
            say(f"{wanted.title}: {size(wanted.source.download_bytes)} to download ({wanted.licence})")
            with needing(at.settings, say, worker=True, fetch=False) as needed:
                job = wait_for(at.queue, at.queue.enqueue(Prepare(model=wanted.id), str(uuid.uuid4())), needed)
            settle(output, job)
        found = require(at.settings.models, wanted.id)
    document = {"id": found.id, "folder": str(found.folder), "sha256": found.sha256}
    show(output, document, f"{wanted.title} is on this computer.\nUse it with: triptych models use {wanted.id}")


@grouped
def use(model: Annotated[str, typer.Argument(metavar="ID", help="The model's id.")], output: Output) -> None:
    """Make a model that is on this computer the base model of this home."""
    with desk() as at:
        before = use_base(at.settings, model)
    document = {"id": model, "before": before}
    show(output, document, words.CHANGED.format(new=entry(model).title))


def _shape(seen: Overview, all_offers: list[Offer]) -> Json:
    machine = asdict(seen.machine)
    measured = seen.measured
    return {
        "machine": {**machine, "computes_on": seen.machine.computes_on},
        "base": {
            "id": seen.choice.model,
            "wanted": seen.choice.wanted or None,
            "here": seen.base_here,
            "seconds": measured.seconds if measured else None,
            "answers": measured.answers if measured else 0,
        },
        "models": [_offer_shape(offer) for offer in all_offers],
    }


def _offer_shape(offer: Offer) -> Json:
    model = offer.fit.model
    return {
        "id": model.id,
        "title": model.title,
        "licence": model.licence,
        "languages": list(model.languages),
        "parameters": model.parameters,
        "context": model.shape.context,
        "download_bytes": model.source.download_bytes,
        "gated": model.gated,
        "here": offer.here,
        "answers": offer.fit.answers,
        "trains": offer.fit.trains,
        "answering_bytes": offer.fit.answering_bytes,
        "training_bytes": offer.fit.training_bytes,
        "forecast_seconds": offer.seconds,
    }


def _in_words(seen: Overview, all_offers: list[Offer]) -> str:
    lines = [words.computer(seen.machine), words.in_use(seen), ""]
    lines += [f"{'Model':<14}{'Download':>10}{'To answer':>11}{'To train':>10}  {'An answer':<18}State"]
    return "\n".join([*lines, *(_line(offer, seen.choice.model) for offer in all_offers), "", words.ESTIMATE])


def _line(offer: Offer, base: str) -> str:
    model, fit = offer.fit.model, offer.fit
    memory = f"{size(fit.answering_bytes):>11}{size(fit.training_bytes):>10}"
    wait = words.expected(offer.seconds) if model.id != base else ""
    return f"{model.id:<14}{size(model.source.download_bytes):>10}{memory}  {wait:<18}{words.standing(offer, base)}"
