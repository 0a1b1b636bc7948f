"""The cards of the ways and the guide to which fits, each claim beside the value that was measured in Scores."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import Json, Scorecard
from studio.views import markdown
from studio.wording import guide as words
from studio.wording.numbers import duration
from studio.wording.scores import address
from studio.wording.ways import way_words


@dataclass(frozen=True, slots=True)
class Measured:
    """How often a way was right on one kind of questions, and the scorecard that says so."""

    way: str
    right: int
    of: int
    card_id: str


def card(shown: words.Card, cards: Sequence[Scorecard]) -> str:
    """Return one way as a card: what it changes, what it can't do, what it costs; and its wait once it was measured."""
    head = f"## {way_words(shown.way).mark} {shown.title}\n\n{shown.how}"
    wait = _wait(shown.way, cards)
    lines = ((words.CHANGES, shown.changes), (words.CANNOT, shown.cannot), (words.COSTS, f"{shown.costs} {wait}"))
    return "\n\n".join([head, *(f"**{lead}** {text.strip()}" for lead, text in lines)])


def _wait(way: str, cards: Sequence[Scorecard]) -> str:
    for scored in cards:
        row = _row(scored, way)
        if row and row.get("seconds"):
            return words.usual_wait(duration(float(row["seconds"])), address(scored.id))
    return ""


def guide(cards: Sequence[Scorecard]) -> str:
    """Return the guide as a table; `cards` are all scorecards, the newest first."""
    rows = [(f"**{hint.asks}**", _fits(hint), _claim(hint, cards)) for hint in words.HINTS]
    return markdown.table(words.HEADERS, rows)


def _fits(hint: words.Hint) -> str:
    way = way_words(hint.way)
    return hint.fits.format(way=way.heading) if hint.fits else f"**{way.heading}**"


def _claim(hint: words.Hint, cards: Sequence[Scorecard]) -> str:
    scored = next((card for card in cards if measured(card, hint.kind, hint.way)), None)
    named = measured(scored, hint.kind, hint.way) if scored else None
    if scored is None or named is None:
        return words.NOT_MEASURED
    claim = words.right((named.right, named.of), hint.questions, address(scored.id))
    parts = [f"{way_words(hint.way).heading}: {claim}", *_better(scored, hint, named)]
    return "; ".join([*parts, words.TOO_FEW] if named.of < words.FEW else parts)


def _better(card: Scorecard, hint: words.Hint, named: Measured) -> list[str]:
    """Where another way did better here, a recommendation that hides it would be false."""
    ways = dict.fromkeys(str(row["way"]) for row in card.ways)
    others = [found for way in ways if way != hint.way and (found := measured(card, hint.kind, way))]
    best = max(others, key=lambda one: one.right / one.of, default=named)
    ahead = best.right / best.of > named.right / named.of
    return [words.better(way_words(best.way).heading, best.right)] if ahead else []


def measured(card: Scorecard, kind: str, way: str) -> Measured | None:
    """Return how often `way` was right on questions of `kind`, None where the scorecard holds none."""
    row = _row(card, way)
    found = row.get("kinds", {}).get(kind) if row else None
    if not found or not found["n"]:
        return None
    return Measured(way, round(found["right"] * found["n"]), int(found["n"]), card.id)


def _row(card: Scorecard, way: str) -> Json | None:
    """The way's own column, else its first: several adapters make several columns of one way."""
    mine = [row for row in card.ways if row["way"] == way]
    return next((row for row in mine if row["column_id"] == way), mine[0] if mine else None)
