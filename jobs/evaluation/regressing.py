"""What got worse since an earlier score of the same questions, whether by more than chance, and what had changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from jobs.evaluation.changing import Changed, changed
from jobs.metrics.pairing import LEVEL, holm
from storage.records import Json, Scorecard

Answers = Callable[[Scorecard], Sequence[Json]]

_LOOK_BACK = 5
_WORTH_SAYING = 2  # one more wrong answer is no news


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was another when the later score was made; what lacked stands as nothing."""

    what: Literal["model", "adapter", "documents", "index", "tools"]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Regression:
    """A column that did worse in `after` than in `before`. `p` is adjusted for the columns of the score."""

    before: Scorecard
    after: Scorecard
    told: Changed
    p: float
    differences: tuple[Difference, ...]

    @property
    def clear(self) -> bool:
        """Whether this is more than chance."""
        return self.p < LEVEL

    @property
    def key(self) -> str:
        """What it is dismissed by: a later score that is worse still is told anew."""
        return f"{self.after.id} {self.told.column_id}"


def regressions(cards: Sequence[Scorecard], answers: Answers) -> list[Regression]:
    """Return the columns whose newest score is worse than the last good one of the same questions, clear ones first.

    `cards` come newest first. A score that is clearly worse is not what the next one is measured by, so a regression
    is told until a later score is no longer clearly worse than the one before it.
    """
    told: list[Regression] = []
    for asked in dict.fromkeys(_asked(card) for card in cards):
        told += _of([card for card in cards if _asked(card) == asked][:_LOOK_BACK], answers)
    return sorted(told, key=lambda one: not one.clear)


def _asked(card: Scorecard) -> str:
    """The name of its questions, in whichever version: only those that both scores asked are compared."""
    return card.questions.get("name", card.source)


def _of(cards: Sequence[Scorecard], answers: Answers) -> list[Regression]:
    """Walk through the scores of the same questions, from the oldest of these to the newest."""
    good: dict[str, Scorecard] = {}
    worse: dict[str, Regression] = {}
    for card in reversed(cards):
        found = {one.told.column_id: one for one in _worse(card, good, answers)}
        for column_id in (way["column_id"] for way in card.ways):
            worse.pop(column_id, None)
            if column_id not in found or not found[column_id].clear:
                good[column_id] = card
        worse |= found
    return list(worse.values())


def _worse(card: Scorecard, good: dict[str, Scorecard], answers: Answers) -> list[Regression]:
    columns = {way["column_id"]: way for way in card.ways if way["column_id"] in good}
    if not any(_fewer(good[column_id], way) for column_id, way in columns.items()):
        return []  # no file need be read
    compared = {column_id: _compared(good[column_id], card, column_id, answers) for column_id in columns}
    both = {column_id: told for column_id, told in compared.items() if told is not None}
    adjusted = dict(zip(both, holm([told.p for told in both.values()]), strict=True))
    fewer = [told for told in both.values() if told.before - told.after >= _WORTH_SAYING]
    return [_regression(good[told.column_id], card, told, adjusted[told.column_id]) for told in fewer]


def _regression(before: Scorecard, after: Scorecard, told: Changed, p: float) -> Regression:
    rows = _row(before, told.column_id), _row(after, told.column_id)
    return Regression(before, after, told, p, differences(*rows))


def _compared(before: Scorecard, after: Scorecard, column_id: str, answers: Answers) -> Changed | None:
    lines = ([line for line in answers(card) if line["column_id"] == column_id] for card in (before, after))
    return next(iter(changed(*lines)), None)


def _fewer(before: Scorecard, way: Json) -> bool:
    return way["right"] < _row(before, way["column_id"])["right"]


def _row(card: Scorecard, column_id: str) -> Json:
    return next(way for way in card.ways if way["column_id"] == column_id)


def differences(before: Json, after: Json) -> tuple[Difference, ...]:
    """Return what the rows of a column in two scores say to have been another, as far as it was noted."""
    told = (
        Difference("model", *_both(before, after, lambda way: _reported(way, "base_sha256") or way.get("model", ""))),
        Difference("adapter", *_both(before, after, _adapter)),
        Difference("documents", *_both(before, after, lambda way: way.get("collection") or "")),
        Difference("index", *_both(before, after, lambda way: _reported(way, "index_version"))),
        Difference("tools", *_both(before, after, lambda way: ", ".join(sorted(way.get("tools", ()))))),
    )
    return tuple(one for one in told if one.before != one.after)


def _both(before: Json, after: Json, tell: Callable[[Json], str]) -> tuple[str, str]:
    return tell(before), tell(after)


def _adapter(way: Json) -> str:
    return f"{way.get('adapter') or ''} {way['adapter_id'][:8]}".strip() if way.get("adapter_id") else ""


def _reported(way: Json, key: str) -> str:
    return ", ".join(str(value) for value in way.get("reported", {}).get(key, ()))
