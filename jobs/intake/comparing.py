"""What is different between two versions of a dataset, row by row."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from jobs.intake.editing import EDITED
from jobs.intake.splits import question_key
from storage.records import Example

Pair = tuple[Example, Example]
_LIKE = 0.5


@dataclass(frozen=True, slots=True)
class Compared:
    """Rows that came and went, pairs of before and after with other texts, and how many stayed `same`.

    `parts_changed` are the pairs, changed or same, that are in another part than before.
    """

    added: tuple[Example, ...]
    removed: tuple[Example, ...]
    changed: tuple[Pair, ...]
    same: int
    parts_changed: tuple[Pair, ...]


def compare(before: Sequence[Example], after: Sequence[Example]) -> Compared:
    """Return what is different; the rows of each version must have a number of their own.

    Rows belong together when they say or at least ask the same, or stand at the same number and are recognisably one.
    """
    pairs, gone, come = list[Pair](), list(before), list(after)
    for key in _KEYS:
        found = _together(gone, come, key)
        pairs += found
        gone, come = _without(gone, (one.row for one, _ in found)), _without(come, (one.row for _, one in found))
    again = [(one, other) for one, other in _together(gone, come, lambda row: row.row) if _is_one(one, other)]
    pairs = sorted([*pairs, *again], key=lambda pair: pair[1].row)
    return Compared(
        added=tuple(_without(come, (one.row for _, one in again))),
        removed=tuple(_without(gone, (one.row for one, _ in again))),
        changed=tuple(pair for pair in pairs if _texts(pair[0]) != _texts(pair[1])),
        same=sum(_texts(one) == _texts(other) for one, other in pairs),
        parts_changed=tuple(pair for pair in pairs if pair[0].part != pair[1].part),
    )


def _together(before: Iterable[Example], after: Iterable[Example], key: Callable[[Example], Hashable]) -> list[Pair]:
    """Pair the rows with the same key, in their order."""
    waiting: dict[Hashable, deque[Example]] = {}
    for row in before:
        waiting.setdefault(key(row), deque()).append(row)
    return [(same.popleft(), row) for row in after if (same := waiting.get(key(row)))]


def _without(rows: Sequence[Example], numbers: Iterable[int]) -> list[Example]:
    paired = set(numbers)
    return [row for row in rows if row.row not in paired]


def _texts(row: Example) -> tuple[str, ...]:
    return row.question, row.answer, row.instruction, row.context, row.kind


def _asked(row: Example) -> tuple[str, ...]:
    return question_key(row.question), row.instruction, row.context, row.conversation


def _is_one(before: Example, after: Example) -> bool:
    """Whether the row at this number was changed, and not taken by another one: a file may number its rows anew."""
    if after.origin == EDITED or before.answer == after.answer:
        return True
    words, others = (set(question_key(row.question).split()) for row in (before, after))
    return len(words & others) >= _LIKE * max(len(words), len(others))


# The surest first: what a key leaves over, the next one looks at.
_KEYS: tuple[Callable[[Example], Hashable], ...] = (
    lambda row: (row.row, _texts(row)),
    lambda row: (row.conversation, _texts(row)),
    lambda row: (row.row, question_key(row.question)),
    _asked,
    lambda row: (question_key(row.question), row.conversation),
)
