"""What this computer can do, as Markdown for Home: what it has, the model in use, and the stronger ones that fit."""

from jobs.models.catalogue import catalogue
from jobs.models.overview import Offer, Overview
from studio.views import markdown
from studio.wording import machine as words
from studio.wording.numbers import size


def this_computer(seen: Overview) -> str:
    """Return what this computer has and which model it uses, with its limits."""
    title = seen.base.title if seen.base else seen.choice.model
    lines = [
        markdown.plain(words.computer(seen.machine)),
        f"**Model in use: {markdown.plain(title)}.** {_in_use(seen)}",
    ]
    wanted = catalogue().get(seen.choice.wanted)
    if wanted is not None:
        lines.append(words.instead(wanted, seen.base))
    return "\n\n".join(lines)


def stronger(seen: Overview) -> str:
    """Return the stronger models that fit as a table, each with download, memory, wait and licence."""
    if seen.base is None:
        return ""
    if not seen.stronger:
        return words.NOTHING_STRONGER
    return f"{markdown.table(words.COLUMNS, [_row(offer) for offer in seen.stronger])}\n\n{words.ESTIMATE}"


def to_fetch(seen: Overview) -> list[tuple[str, str]]:
    """Return the stronger models that are not here yet as choices: what a person reads, and the id for a Prepare."""
    return [
        (f"{offer.fit.model.title}, {size(offer.fit.model.source.download_bytes)}", offer.fit.model.id)
        for offer in seen.stronger
        if not offer.here
    ]


def _in_use(seen: Overview) -> str:
    return markdown.plain(words.in_use(seen))


def _row(offer: Offer) -> tuple[str, ...]:
    model = offer.fit.model
    return (
        f"**{markdown.plain(model.title)}**",
        markdown.plain(model.note),
        size(model.source.download_bytes),
        f"about {size(offer.fit.answering_bytes)}",
        words.to_train(offer),
        words.expected(offer.seconds),
        markdown.plain(model.licence),
        words.state(offer),
    )
