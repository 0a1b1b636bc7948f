"""Which column serves the questions of a scorecard best, by how much, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from jobs.metrics.pairing import LEVEL, Pair, difference_interval, holm, mcnemar, more_questions, pair
from jobs.metrics.statistics import wilson
from storage.records import Json

LEAST = 20  # fewer questions are no ground for a verdict


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a column was right, with its 95 % interval."""

    right: int
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Two columns on the same questions. `p` is adjusted for the number of pairs; `more` questions would settle it."""

    first: str
    second: str
    told: Pair
    low: float
    high: float
    p: float
    more: int | None

    @property
    def settled(self) -> bool:
        """Whether one of the two is better, by the corrected test."""
        return self.p < LEVEL


@dataclass(frozen=True, slots=True)
class Verdict:
    """The leaders are those that are not clearly worse than the most often right one, which stands first.

    `clear` is whether every leader is clearly better than every column that is none. `kinds` are the verdicts of each
    kind of question with at least LEAST of them.
    """

    n: int
    rates: Mapping[str, Rate]
    leaders: tuple[str, ...]
    clear: bool
    pairs: tuple[Compared, ...]
    kinds: Mapping[str, "Verdict"]

    @property
    def enough(self) -> bool:
        """Whether there are enough questions for a verdict."""
        return self.n >= LEAST

    def compared(self, first: str, second: str) -> Compared:
        """Return the comparison of two columns, in whichever order they were compared."""
        return next(one for one in self.pairs if {one.first, one.second} == {first, second})


def verdict(lines: Sequence[Json], columns: Sequence[str]) -> Verdict:
    """Return the verdict over the lines of an answers file, of the questions that all `columns` (ids) answered."""
    right: dict[int, dict[str, bool]] = {}
    kinds: dict[int, str] = {}
    for line in lines:
        right.setdefault(line["row"], {})[line["column_id"]] = bool(line["right"])
        kinds[line["row"]] = line["kind"]
    rows = [row for row, told in right.items() if set(columns) <= set(told)]
    whole = _of(rows, right, columns, {})
    known = sorted({kinds[row] for row in rows} - {""})
    of_kind = {kind: _of([row for row in rows if kinds[row] == kind], right, columns, {}) for kind in known}
    enough = {kind: told for kind, told in of_kind.items() if told.enough} if len(known) > 1 else {}
    return Verdict(whole.n, whole.rates, whole.leaders, whole.clear, whole.pairs, enough)


def _of(
    rows: Sequence[int],
    right: Mapping[int, Mapping[str, bool]],
    columns: Sequence[str],
    kinds: Mapping[str, Verdict],
) -> Verdict:
    answers = {column: [right[row][column] for row in rows] for column in columns}
    rates = {column: Rate(sum(told), len(told), *wilson(sum(told), len(told))) for column, told in answers.items()}
    pairs = _pairs(answers)
    order = sorted(columns, key=lambda column: -rates[column].right)
    worse = {column for column in order[1:] if _settled(pairs, order[0], column)}
    leaders = tuple(column for column in order if column not in worse)
    clear = all(_settled(pairs, leader, other) for leader in leaders for other in worse)
    return Verdict(len(rows), rates, leaders, clear, pairs, kinds)


def _pairs(answers: Mapping[str, Sequence[bool]]) -> tuple[Compared, ...]:
    both = [(first, second, pair(answers[first], answers[second])) for first, second in combinations(answers, 2)]
    adjusted = holm([mcnemar(told) for _, _, told in both])
    # Whoever compares many pairs needs more questions: as if this one stood last in Holm's order.
    level = LEVEL / max(1, len(both))
    return tuple(
        Compared(first, second, told, *difference_interval(told), p, more_questions(told, level))
        for (first, second, told), p in zip(both, adjusted, strict=True)
    )


def _settled(pairs: Sequence[Compared], first: str, second: str) -> bool:
    return any(one.settled for one in pairs if {one.first, one.second} == {first, second})
