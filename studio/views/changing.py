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
    """Return the other scores of the same questions, in whichever version, the newest first."""
    same = [one for one in cards if one.id != card.id and _ask_the_same(card, one)]
    several = len({_version(one) for one in (card, *same)}) > 1
    return [(words.scored(ago(one.created_at, now), _version(one) if several else None), one.id) for one in same]


def _ask_the_same(one: Scorecard, other: Scorecard) -> bool:
    """Whether both asked the same questions, in whichever version; scores of an older form name but their source."""
    names = [card.questions.get("name", card.source) for card in (one, other)]
    return one.source == other.source or names[0] == names[1]


def _version(card: Scorecard) -> int | None:
    return card.questions.get("version")


def versions(card: Scorecard, other: Scorecard) -> str:
    """Return that two scores asked different versions; nothing where they asked the same one."""
    now, then = _version(card), _version(other)
    if now is None or then is None or now == then:
        return ""
    return words.versions(markdown.plain(card.questions["name"]), now, then)


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
