"""Test questions that a person adds or changes: each time the next version of their set."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.evaluation.asked import scored_before
from jobs.evaluation.proposing import check_choice
from jobs.evaluation.questions import Cells, question_of, set_rows
from jobs.evaluation.tables import keep_rows
from jobs.intake.checking.texts import text_key
from jobs.intake.splits import question_key
from jobs.queue import Queue
from storage.errors import NotAllowed, NotFound, UserFault
from storage.question_sets import QuestionSet
from storage.workspace import Workspace

OWN = "Questions from comparisons"
ABOUT_DOCUMENTS = "Questions about documents"
LONGEST_NAME = 128

_ENDS = {"question": "There is no question.", "answer": "There is nothing that its answer is expected to say."}


@dataclass(frozen=True, slots=True)
class Choice:
    """What an answer must hold, and what it must not."""

    needed: Sequence[str] = ()
    wrong: Sequence[str] = ()

    def cells(self) -> Cells:
        """Return it as a row of test questions holds it."""
        return {"needed": "; ".join(self.needed), "wrong": "; ".join(self.wrong)}


@dataclass(frozen=True, slots=True)
class Added:
    """The version that holds the new question, and whether it took the place of one that asked the same."""

    kept: QuestionSet
    replaced: bool


def hidden(workspace: Workspace, kept: QuestionSet) -> bool:
    """Whether nobody should look at these questions yet: they are sealed, and no version of them was scored."""
    if not kept.sealed:
        return False
    before = scored_before(Queue(workspace.database, workspace.clock), kept)
    return not (before.same or before.others)


def add_question(workspace: Workspace, name: str, cells: Cells) -> Added:
    """Keep the latest version of the set `name` with this question as its next version; begin the set where it lacks.

    A question that asks the same is replaced. Raises UserFault where question or expectation lack or nothing would
    change, and NotAllowed for a sealed set: a question that was asked before is not unseen.
    """
    if not name.strip() or len(name) > LONGEST_NAME:
        raise UserFault("This name can't be used.", f"Use one of 1 to {LONGEST_NAME} characters.")
    cells = {column: cell.strip() for column, cell in cells.items()}
    _checked(cells)
    try:
        before = workspace.question_sets.get(name.strip())
    except NotFound:
        return Added(keep_rows(workspace, name.strip(), [cells]), replaced=False)
    if before.sealed:
        raise NotAllowed(
            f"{before.name} is sealed: a question that was asked before would not be unseen.", "Choose another name."
        )
    rows = list(set_rows(workspace, before))
    same = next((place for place, row in enumerate(rows) if _key(row) == _key(cells)), None)
    if same is None:
        return Added(keep_rows(workspace, before, [*rows, cells]), replaced=False)
    if all(rows[same].get(name, "") == cell for name, cell in cells.items()):
        raise UserFault("This question is kept already, with just this.", "Change something, or leave it as it is.")
    rows[same] = {**rows[same], **cells}
    return Added(keep_rows(workspace, before, rows), replaced=True)


def change_question(workspace: Workspace, kept: QuestionSet, row: int, choice: Choice) -> QuestionSet:
    """Keep `kept`, the latest version, with another choice of what the answer to its `row` must hold.

    Raises UserFault where the choice can't be meant so or changes nothing, and NotAllowed where the questions should
    not be looked at yet or a later version is there.
    """
    if hidden(workspace, kept):
        raise NotAllowed(f"{kept.name} is sealed and was not scored yet.", "Score it first.")
    rows = list(set_rows(workspace, kept))
    if not 0 < row <= len(rows):
        raise NotFound(f"{kept.name}, version {kept.version}, has no row {row}.")
    changed = {**rows[row - 1], **choice.cells()}
    _checked(changed)
    if changed == {**Choice().cells(), **rows[row - 1]}:
        raise UserFault("Nothing was changed.", "Tick or untick something, or write a phrase.")
    return keep_rows(workspace, kept, [*rows[: row - 1], changed, *rows[row:]])


def _checked(cells: Cells) -> None:
    question = question_of(1, cells)
    if question is None:
        raise UserFault(_ENDS["answer" if cells["question"] else "question"], "Write it and press again.")
    if "needed" in cells:  # else nobody has chosen yet, and the judge looks for the facts itself
        check_choice(question.expected)


def _key(cells: Cells) -> tuple[str, str]:
    return question_key(cells["question"]), text_key(cells.get("context", ""))
