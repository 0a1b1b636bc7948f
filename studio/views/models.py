"""The models as a table and as choices."""

from collections.abc import Sequence

from jobs.models.overview import Offer
from studio.views import markdown
from studio.wording import machine
from studio.wording import models as words
from studio.wording.numbers import size

Choice = tuple[str, str]
_BILLION, _MILLION = 1_000_000_000, 1_000_000


def table(offers: Sequence[Offer], base: str) -> str:
    """Return every model with what it is good for, how it fits, its licence and its state; `base` answers now."""
    return f"{markdown.table(words.COLUMNS, [_row(offer, base) for offer in offers])}\n\n{words.FIT_HELP}"


def choices(offers: Sequence[Offer], base: str) -> list[Choice]:
    """Return all models as choices, each with its state: what a person reads, and the id."""
    return [(f"{_title(offer)}: {_standing(offer, base)}", offer.fit.model.id) for offer in offers]


def to_teach(offers: Sequence[Offer]) -> list[Choice]:
    """Return the models that may be taught here: tried out, and small enough."""
    return [(_title(offer), offer.fit.model.id) for offer in offers if offer.teachable]


def _title(offer: Offer) -> str:
    return f"{offer.fit.model.title}, {weights(offer.fit.model.parameters)}"


def weights(count: int) -> str:
    """Return how many weights a model has, as people say it: 135 M, 1.7 B."""
    return f"{count / _BILLION:.1f} B" if count > 0.99 * _BILLION else f"{count / _MILLION:.0f} M"


def _standing(offer: Offer, base: str) -> str:
    return words.ANSWERS_NOW if offer.fit.model.id == base else machine.standing(offer, base)


def _row(offer: Offer, base: str) -> tuple[str, ...]:
    model = offer.fit.model
    return (
        f"**{markdown.plain(_title(offer))}**",
        markdown.plain(model.note),
        markdown.plain(words.fit(offer)),
        size(model.source.download_bytes) if model.source.download_bytes else "–",
        markdown.plain(model.licence),
        markdown.plain(_standing(offer, base)),
    )
