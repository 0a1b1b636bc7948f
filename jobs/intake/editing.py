"""Change kept examples by hand: every change makes the next version, in which no question moves to another part."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import count

from jobs.intake.checks import sift, tidied
from jobs.intake.splits import held_out_share, part_key, question_key, with_parts
from storage.errors import NotAllowed, NotFound, UserFault
from storage.records import Dataset, Example, Json
from storage.workspace import Workspace

EDITED = "edited"
ADDED = "added"

_LONGEST_KIND = 64
_TEXTS = ("question", "answer", "instruction", "context", "kind")
_NEWEST_FIRST = "Open the newest version and change that one."


@dataclass(frozen=True, slots=True)
class Texts:
    """New texts of a row; what is None stays. `origin` says where they come from."""

    question: str | None = None
    answer: str | None = None
    instruction: str | None = None
    context: str | None = None
    kind: str | None = None
    origin: str = EDITED


@dataclass(frozen=True, slots=True)
class Changes:
    """What is changed: texts and deletions by row number, and new rows, whose numbers and parts are still to be given.

    An added row without an origin gets the usual one.
    """

    edited: Mapping[int, Texts] = field(default_factory=dict[int, Texts])
    added: Sequence[Example] = ()
    deleted: Collection[int] = ()


def edit_dataset(workspace: Workspace, name_or_id: str, changes: Changes, source: str) -> Dataset:
    """Keep a version (of a name: the latest) with the changes made, as the next version of its name.

    A row keeps its number and, as long as it asks the same, its part; a new question gets the part that its hash says.
    Raises NotFound, UserFault where a row can't be as it is wanted, NotAllowed where there is a later version already.
    """
    before = workspace.datasets.get(name_or_id)
    rows = workspace.datasets.examples(before.id)
    kept = _kept(rows, changes)
    edited = sum(row is not old for row, old in kept)
    # A number is never given twice, not even that of a row that could not be used.
    numbers = count(max([before.rows, *(row.row for row in rows)]) + 1)
    added = [replace(_tidied(row), row=next(numbers), origin=row.origin or ADDED) for row in changes.added]
    told = {"edited": edited, "added": len(added), "deleted": len(rows) - len(kept)}
    _refuse_unusable(kept, added, told)
    made = [*(row for row, _ in kept), *added]
    parts = with_parts(made, held_out_share(rows), {part_key(row): row.part for row in rows})
    rows_after = before.rows + len(added) - told["deleted"]
    after = workspace.datasets.follow(before, parts, rows=rows_after, source=source, origin=told)
    if after is None:
        newest = workspace.datasets.get(before.name).version
        raise NotAllowed(f"There is a later version of {before.name} by now, version {newest}.", _NEWEST_FIRST)
    return after


def _kept(rows: Sequence[Example], changes: Changes) -> list[tuple[Example, Example]]:
    """Return the rows that are not deleted as they become and as they were; the same one where nothing changes."""
    known = {row.row for row in rows}
    unknown = next((number for number in (*changes.edited, *changes.deleted) if number not in known), None)
    if unknown is not None:
        raise NotFound(f"There is no row {unknown} in these examples.", "Load the page anew.")
    return [(_changed(row, changes.edited.get(row.row)), row) for row in rows if row.row not in changes.deleted]


def _changed(row: Example, texts: Texts | None) -> Example:
    if texts is None:
        return row
    given = {name: text for name, text in asdict(texts).items() if text is not None}
    new = _tidied(replace(row, **given))
    return new if any(getattr(new, name) != getattr(row, name) for name in _TEXTS) else row


def _tidied(row: Example) -> Example:
    texts = {name: tidied(getattr(row, name)) for name in _TEXTS}
    return replace(row, **{**texts, "kind": texts["kind"][:_LONGEST_KIND]})


def _refuse_unusable(kept: Sequence[tuple[Example, Example]], added: Sequence[Example], told: Json) -> None:
    if not any(told.values()):
        raise UserFault("Nothing was changed.", "Change, add or delete a row first.")
    if not kept and not added:
        raise UserFault("No row would be left.", "Delete the examples as a whole instead.")
    there = {_said(row) for row, old in kept if row is old}
    for row, name in _touched(kept, added):
        dropped = sift([row]).dropped
        if dropped:
            raise UserFault(f"{name}: {dropped[0].reason}.", "Write what lacks, or delete the row.")
        if _said(row) in there:
            raise UserFault(f"{name}: this question is there with this answer already.", "Delete one of the two.")
        there.add(_said(row))


def _touched(kept: Sequence[tuple[Example, Example]], added: Sequence[Example]) -> Iterator[tuple[Example, str]]:
    yield from ((row, f"Row {row.row}") for row, old in kept if row is not old)
    yield from ((row, f"New row {number}") for number, row in enumerate(added, 1))


def _said(row: Example) -> tuple[object, ...]:
    """What makes two rows the same example."""
    asked = (question_key(row.question), row.instruction, row.context, row.conversation)
    return (*asked, " ".join(row.answer.split()))
