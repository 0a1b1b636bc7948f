"""Commands for models: what this computer can do, fetching or bringing a model, trying it out, changing to it."""

import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from jobs.models.choosing import use_base
from jobs.models.installed import installed, require
from jobs.models.overview import Offer, Overview, offers, overview
from jobs.models.own import known_model
from jobs.requests import Prepare
from storage.records import Job, Json
from studio.asked import checked
from studio.commands.options import grouped
from studio.commands.output import Output, say, show
from studio.commands.telling import settle, wait_for
from studio.commands.working import Desk, desk
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
        wanted = known_model(at.settings.models, model)
        found = installed(at.settings.models, wanted.id)
        if found is None:
            say(f"{wanted.title}: {size(wanted.source.download_bytes)} to download ({wanted.licence})")
        if found is None or found.check is None:
            _prepare(at, output, Prepare(model=wanted.id))
        _show_kept(at, output, wanted.id)


@grouped
def add(
    path: Annotated[Path, typer.Argument(help="The folder of a model with safetensors, or a GGUF file.")],
    output: Output,
    name: Annotated[str, typer.Option(help="What it is called here. Empty: the name of the folder or file.")] = "",
) -> None:
    """Bring a model of your own: it is copied, or converted, and tried out. Neither pickles nor code are taken."""
    with desk() as at:
        job = _prepare(at, output, checked(Prepare, {"source": str(path.expanduser().resolve()), "name": name}, ""))
        _show_kept(at, output, job.result["model"])


@grouped
def check(model: Annotated[str, typer.Argument(metavar="ID", help="The model's id.")], output: Output) -> None:
    """Try a model that is on this computer out once more: template, tokens, one answer, a few steps of learning."""
    with desk() as at:
        wanted = known_model(at.settings.models, model)
        if installed(at.settings.models, wanted.id) is None:
            require(at.settings.models, wanted.id)
        _prepare(at, output, Prepare(model=wanted.id, again=True))
        _show_kept(at, output, wanted.id)


@grouped
def use(model: Annotated[str, typer.Argument(metavar="ID", help="The model's id.")], output: Output) -> None:
    """Make a model that is on this computer the base model of this home."""
    with desk() as at:
        before = use_base(at.settings, model)
    document = {"id": model, "before": before}
    show(output, document, words.CHANGED.format(new=known_model(at.settings.models, model).title))


def _prepare(at: Desk, output: Output, request: Prepare) -> Job:
    with needing(at.settings, say, worker=True, fetch=False) as needed:
        job = wait_for(at.queue, at.queue.enqueue(request, str(uuid.uuid4())), needed)
    settle(output, job)
    return job


def _show_kept(at: Desk, output: Output, model_id: str) -> None:
    """Show where a model lies; raise NotAllowed where it can't be used."""
    found, title = require(at.settings.models, model_id), known_model(at.settings.models, model_id).title
    document = {"id": found.id, "folder": str(found.folder), "sha256": found.sha256, "usable": found.usable}
    show(output, document, f"{title} is on this computer.\nUse it with: triptych models use {model_id}")


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
        "usable": offer.usable,
        "reason": offer.check.reason if offer.check else "",
        "answers": offer.fit.answers,
        "trains": offer.fit.trains,
        "answering_bytes": offer.fit.answering_bytes,
        "training_bytes": offer.fit.training_bytes,
        "forecast_seconds": offer.seconds,
    }


def _in_words(seen: Overview, all_offers: list[Offer]) -> str:
    lines = [words.computer(seen.machine), words.in_use(seen), ""]
    lines += [f"{'Model':<20}{'Download':>10}{'To answer':>11}{'To train':>10}  {'An answer':<18}State"]
    return "\n".join([*lines, *(_line(offer, seen.choice.model) for offer in all_offers), "", words.ESTIMATE])


def _line(offer: Offer, base: str) -> str:
    model, fit = offer.fit.model, offer.fit
    memory = f"{size(fit.answering_bytes):>11}{size(fit.training_bytes):>10}"
    wait = words.expected(offer.seconds) if model.id != base else ""
    return f"{model.id:<20}{size(model.source.download_bytes):>10}{memory}  {wait:<18}{words.standing(offer, base)}"
