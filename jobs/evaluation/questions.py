"""Test questions with what is expected, from an uploaded table or from the rows that a dataset held back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jobs.intake.columns import guess_roles
from jobs.intake.formats import read_table
from jobs.intake.table import Table
from jobs.metrics.facts import Expected
from jobs.metrics.style import checklist
from jobs.models.conversation import conversation
from jobs.requests import Evaluate
from storage.errors import NotFound, UnusableRows
from storage.question_sets import QuestionSet
from storage.workspace import Workspace

COLUMNS = (
    "question", "answer", "accepted", "kind", "needed", "wrong", "style", "passage", "call", "instruction", "context",
)  # fmt: skip
Cells = dict[str, str]
"""A row of test questions: what stands in each of COLUMNS, and in the columns that are the person's own."""

_NO_QUESTIONS = "Upload a table with a question and an expected answer in each row."


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a test. `asked` is what the model is asked; `passage` and `call` are the evidence expected.

    `context` is the row's own text, which stands in `asked` before the question.
    """

    row: int
    asked: str
    expected: Expected
    instruction: str = ""
    passage: str = ""
    call: str = ""
    context: str = ""


def read_questions(workspace: Workspace, request: Evaluate) -> list[Question]:
    """Return the questions of the request's file, set or dataset; rows that expect nothing are left out.

    Raises NotFound, UnreadableFile, or UnusableRows where no question is left.
    """
    file = (workspace.home / request.source).resolve()
    if file.is_relative_to(workspace.home.resolve()) and file.is_file():
        return table_questions(file, request.name or file.name)
    try:
        kept = workspace.question_sets.get(request.source)
    except NotFound:
        return _of_dataset(workspace, request.source)
    return set_questions(workspace, kept)


def set_questions(workspace: Workspace, kept: QuestionSet) -> list[Question]:
    """Return the questions of one version of a set; raise what `set_rows` raises."""
    return _usable(set_rows(workspace, kept), kept.name)


def set_rows(workspace: Workspace, kept: QuestionSet) -> Iterator[Cells]:
    """Yield every row of one version of a set, also those that can't be asked; raise NotFound without its file."""
    file = workspace.home / kept.source
    if not file.is_file():
        raise NotFound(f"The file of {kept.name}, version {kept.version}, is not here any more.", _NO_QUESTIONS)
    return table_rows(file, kept.name)


def table_questions(file: Path, name: str) -> list[Question]:
    """Return the questions of a table of test questions, called `name` in what it may raise.

    Raises UnreadableFile, or UnusableRows where no question is left.
    """
    return _usable(table_rows(file, name), name)


def table_rows(file: Path, name: str) -> Iterator[Cells]:
    """Yield the rows of a table of test questions; raise UnreadableFile, or UnusableRows without a question column."""
    table = read_table(file, name)
    roles = {place: role for role, place in _places(table, name).items() if role in COLUMNS}
    names = [roles.get(place, column) for place, column in enumerate(table.columns)]
    for row in table.rows:
        yield {column: cell.strip() for column, cell in zip(names, row, strict=True)}


def _of_dataset(workspace: Workspace, source: str) -> list[Question]:
    dataset = workspace.datasets.get(source)
    held_out = workspace.datasets.examples(dataset.id, "exam")
    if not held_out:
        raise UnusableRows(
            f"No rows of {dataset.name}, version {dataset.version}, are held back for testing.",
            "Keep the examples again with a share held back, or upload a table of test questions.",
        )
    return [
        Question(
            example.row,
            _asked(example.question, example.context),
            Expected(example.question, example.answer, kind=example.kind),
            instruction=example.instruction,
            context=example.context,
        )
        for example in held_out
    ]


def _usable(rows: Iterator[Cells], name: str) -> list[Question]:
    numbered = (question_of(number, cells) for number, cells in enumerate(rows, 1))
    questions = [question for question in numbered if question is not None]
    if not questions:
        raise UnusableRows(f"No row of {name} holds a question and what is expected of its answer.", _NO_QUESTIONS)
    return questions


def _places(table: Table, name: str) -> dict[str, int]:
    named = {column.casefold(): place for place, column in enumerate(table.columns)}
    places = {role: named[role] for role in COLUMNS if role in named}
    for guess in guess_roles(table, {role: table.columns[place] for role, place in places.items()}):
        places.setdefault(guess.role, table.columns.index(guess.column))
    if "question" not in places:
        raise UnusableRows(f"No column of {name} holds questions.", _NO_QUESTIONS)
    return places


def question_of(number: int, cells: Cells) -> Question | None:
    """Return the question that a row asks, or None where it asks nothing or expects nothing.

    Raises UserFault for a style checklist that can't be read.
    """
    expected = Expected(
        question=cells["question"],
        answer=cells.get("answer", ""),
        accepted=_entries(cells.get("accepted", ""), r"[|\n]"),
        kind=cells.get("kind", "").casefold(),
        needed=_entries(cells.get("needed", ""), r"[;\n]"),
        wrong=_entries(cells.get("wrong", ""), r"[;\n]"),
        style=checklist(cells.get("style", "")),
    )
    if not expected.question or not (
        expected.answers or expected.needed or expected.style or expected.kind == "unknown"
    ):
        return None
    instruction, passage, call, context = (
        cells.get(role, "") for role in ("instruction", "passage", "call", "context")
    )
    return Question(number, _asked(expected.question, context), expected, instruction, passage, call, context)


def _entries(cell: str, separators: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in re.split(separators, cell) if entry.strip())


def _asked(question: str, context: str) -> str:
    """Put the row's own text before the question exactly as training did."""
    return conversation(question, context=context)[-1]["content"]
