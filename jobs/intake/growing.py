"""One more example for a set that is kept: written as its next version, in the part that its question's hash says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs.intake.checks import NO_ANSWER, NO_QUESTION, sift, tidied
from jobs.intake.splits import held_out_share, part_key, question_key, with_parts
from storage.errors import NotAllowed, OurFault, UserFault
from storage.records import Dataset, Example, Part
from storage.workspace import Workspace

_ORIGIN = "comparison"
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Grown:
    """The new version, the one before it, the part of the new row, and how many older answers it took the place of."""

    dataset: Dataset
    before: Dataset
    part: Part
    replaced: int


def origin(comparison_id: str, column_id: str) -> str:
    """Return the source of a version that was made of an answer of this column."""
    return f"{_ORIGIN}:{comparison_id}:{column_id}"


def origin_of(source: str) -> tuple[str, str] | None:
    """Return the comparison and the column that a version's source names; None where it came from a file."""
    kind, _, rest = source.partition(":")
    comparison_id, _, column_id = rest.partition(":")
    return (comparison_id, column_id) if kind == _ORIGIN and column_id else None


def add_example(workspace: Workspace, name: str, question: str, answer: str, source: str) -> Grown:
    """Keep the latest version of the set `name` with this example added, as its next version.

    An answer that was there for the same question is replaced. Raises NotFound, UserFault where a text lacks or nothing
    would change, NotAllowed where the question is held back for the exam with an answer of its own.
    """
    added = replace(_checked(question, answer), origin=source)
    for _ in range(_TRIES):  # somebody may be writing the next version at this moment
        before = workspace.datasets.get(name)
        rows = workspace.datasets.examples(before.id)
        grown, replaced = _grown(rows, added)
        share = held_out_share(rows)
        parts = with_parts(grown, share, {part_key(row): row.part for row in rows})
        made = workspace.datasets.follow(before, parts, rows=before.rows + (not replaced), source=source)
        if made is not None:
            key = part_key(added)
            part: Part = next(row.part for row in parts if part_key(row) == key)
            return Grown(made, before, part, replaced)
    raise OurFault("The examples were changed by somebody else each time.", "Press Keep once more.")


def _checked(question: str, answer: str) -> Example:
    example = Example(0, tidied(question), tidied(answer))
    sifted = sift([example])
    if not sifted.examples:
        reason = sifted.dropped[0].reason
        what = {NO_QUESTION: "There is no question.", NO_ANSWER: "There is no answer."}.get(reason, f"{reason}.")
        raise UserFault(what[:1].upper() + what[1:], "An example needs both; write them and press Keep again.")
    return example


def _grown(rows: Sequence[Example], added: Example) -> tuple[list[Example], int]:
    """Return the rows with the new one, and how many answers for the same question it takes the place of."""
    key = question_key(added.question)
    same = [row for row in rows if question_key(row.question) == key and _stands_alone(row)]
    if any(row.part == "exam" for row in same):
        raise NotAllowed(
            "This question is held back for the exam, with an answer of its own.",
            "Nothing was changed: the exam would no longer be one. Keep another question instead.",
        )
    if any(_words(row.answer) == _words(added.answer) for row in same):
        raise UserFault("This question is kept with this answer already.", "Change the answer, or leave it as it is.")
    if not same:
        number = max((row.row for row in rows), default=0) + 1
        return [*rows, replace(added, row=number)], 0
    first, *others = same
    kept = [row for row in rows if row not in others]
    new = replace(first, question=added.question, answer=added.answer, origin=added.origin)
    return [new if row == first else row for row in kept], len(same)


def _stands_alone(row: Example) -> bool:
    """Tell whether the question means the same wherever it is asked."""
    return not (row.instruction or row.context or row.conversation)


def _words(answer: str) -> list[str]:
    return answer.split()
