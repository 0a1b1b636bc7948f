"""Test questions with what is expected, from an uploaded table or from the rows that a dataset held back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jobs.intake.columns import guess_roles
from jobs.intake.formats import read_table
from jobs.intake.table import Table
from jobs.metrics.facts import Expected
from jobs.metrics.style import checklist
from jobs.models.conversation import conversation
from jobs.requests import Evaluate
from storage.errors import UnusableRows
from storage.workspace import Workspace

COLUMNS = ("question", "answer", "accepted", "kind", "needed", "wrong", "style", "passage", "call")
_ALSO = ("instruction", "context")

_NO_QUESTIONS = "Upload a table with a question and an expected answer in each row."


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a test. `asked` is what the model is asked; `passage` and `call` are the evidence expected."""

    row: int
    asked: str
    expected: Expected
    instruction: str = ""
    passage: str = ""
    call: str = ""


def read_questions(workspace: Workspace, request: Evaluate) -> list[Question]:
    """Return the questions of the request's file or dataset; rows that expect nothing are left out.

    Raises NotFound, UnreadableFile, or UnusableRows where no question is left.
    """
    file = (workspace.home / request.source).resolve()
    if file.is_relative_to(workspace.home.resolve()) and file.is_file():
        return table_questions(file, request.name or file.name)
    return _of_dataset(workspace, request.source)


def table_questions(file: Path, name: str) -> list[Question]:
    """Return the questions of a table of test questions, called `name` in what it may raise.

    Raises UnreadableFile, or UnusableRows where no question is left.
    """
    return _of_table(read_table(file, name), name)


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
        )
        for example in held_out
    ]


def _of_table(table: Table, name: str) -> list[Question]:
    places = _places(table, name)
    rows = ({role: row[place].strip() for role, place in places.items()} for row in table.rows)
    questions = list(_questions(rows))
    if not questions:
        raise UnusableRows(f"No row of {name} holds a question and what is expected of its answer.", _NO_QUESTIONS)
    return questions


def _places(table: Table, name: str) -> dict[str, int]:
    named = {column.casefold(): place for place, column in enumerate(table.columns)}
    places = {role: named[role] for role in (*COLUMNS, *_ALSO) if role in named}
    for guess in guess_roles(table, {role: table.columns[place] for role, place in places.items()}):
        places.setdefault(guess.role, table.columns.index(guess.column))
    if "question" not in places:
        raise UnusableRows(f"No column of {name} holds questions.", _NO_QUESTIONS)
    return places


def _questions(rows: Iterator[Mapping[str, str]]) -> Iterator[Question]:
    for number, cells in enumerate(rows, 1):
        expected = Expected(
            question=cells["question"],
            answer=cells.get("answer", ""),
            accepted=_entries(cells.get("accepted", ""), r"[|\n]"),
            kind=cells.get("kind", "").casefold(),
            needed=_entries(cells.get("needed", ""), r"[;\n]"),
            wrong=_entries(cells.get("wrong", ""), r"[;\n]"),
            style=checklist(cells.get("style", "")),
        )
        if expected.question and (expected.answers or expected.needed or expected.style or expected.kind == "unknown"):
            asked = _asked(expected.question, cells.get("context", ""))
            instruction, passage, call = (cells.get(role, "") for role in ("instruction", "passage", "call"))
            yield Question(number, asked, expected, instruction, passage, call)


def _entries(cell: str, separators: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in re.split(separators, cell) if entry.strip())


def _asked(question: str, context: str) -> str:
    """Put the row's own text before the question exactly as training did."""
    return conversation(question, context=context)[-1]["content"]
