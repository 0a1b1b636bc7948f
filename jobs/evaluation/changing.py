"""Two scores of the same questions: what got better, what broke, and whether that is more than chance."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.metrics.pairing import LEVEL, mcnemar, pair
from storage.records import Json


@dataclass(frozen=True, slots=True)
class Changed:
    """How one column did in both scores, on the questions that both asked it."""

    column_id: str
    before: int
    after: int
    n: int
    better: tuple[str, ...]
    broke: tuple[str, ...]
    p: float

    @property
    def clear(self) -> bool:
        """Whether the change is more than chance, by McNemar's exact test."""
        return self.p < LEVEL


def changed(before: Sequence[Json], after: Sequence[Json]) -> list[Changed]:
    """Compare two answers files column by column, question by question; columns that only one of them has are left."""
    earlier = {(line["column_id"], line["question"]): bool(line["right"]) for line in before}
    columns = dict.fromkeys(line["column_id"] for line in after)
    told = [_of(column, earlier, after) for column in columns]
    return [one for one in told if one.n]


def _of(column: str, earlier: dict[tuple[str, str], bool], after: Sequence[Json]) -> Changed:
    both = [
        (line["question"], earlier[column, line["question"]], bool(line["right"]))
        for line in after
        if line["column_id"] == column and (column, line["question"]) in earlier
    ]
    was, now = [one[1] for one in both], [one[2] for one in both]
    return Changed(
        column_id=column,
        before=sum(was),
        after=sum(now),
        n=len(both),
        better=tuple(question for question, then, here in both if here and not then),
        broke=tuple(question for question, then, here in both if then and not here),
        p=mcnemar(pair(was, now)),
    )
