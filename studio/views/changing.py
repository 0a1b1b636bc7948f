"""A score against an earlier one in words and a table."""

from collections.abc import Mapping, Sequence

from jobs.evaluation.changing import Changed
from storage.records import Scorecard
from studio.views import markdown
from studio.wording import changing as words
from studio.wording.numbers import ago

_MOST = 8
Choice = tuple[str, str]


def earlier_choices(card: Scorecard, cards: Sequence[Scorecard], now: float) -> list[Choice]:
    """Return the other scores of the same questions, the newest first."""
    same = [one for one in cards if one.id != card.id and one.source == card.source]
    return [(words.scored(ago(one.created_at, now)), one.id) for one in same]


def changes(told: Sequence[Changed], names: Mapping[str, str]) -> str:
    """Return what changed for each way: counts, whether that is more than chance, and the questions."""
    if not told:
        return words.NOTHING_IN_COMMON
    rows = [
        [
            f"**{markdown.plain(names.get(one.column_id, one.column_id))}**",
            f"{one.before} of {one.n}",
            f"{one.after} of {one.n}",
            words.verdict(one.after - one.before, clear=one.clear),
        ]
        for one in told
    ]
    lists = [_questions(one, names) for one in told if one.better or one.broke]
    return "\n\n".join([markdown.table(words.HEAD, rows), *lists])


def _questions(one: Changed, names: Mapping[str, str]) -> str:
    name = markdown.plain(names.get(one.column_id, one.column_id))
    return "\n\n".join(
        f"**{name}**, {what}: {_listed(questions)}"
        for what, questions in ((words.BETTER, one.better), (words.BROKE, one.broke))
        if questions
    )


def _listed(questions: Sequence[str]) -> str:
    shown = "; ".join(markdown.plain(markdown.shortened(question, 120)) for question in questions[:_MOST])
    return shown + (words.more(len(questions) - _MOST) if len(questions) > _MOST else "")
