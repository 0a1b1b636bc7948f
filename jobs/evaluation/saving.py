"""Test questions to take away, as a table for spreadsheets."""

from collections.abc import Iterator

from jobs.evaluation.editing import hidden
from jobs.evaluation.questions import COLUMNS, set_rows
from storage.errors import NotAllowed
from storage.question_sets import QuestionSet
from storage.spreadsheets import csv_lines
from storage.workspace import Workspace

_ALWAYS = ("question", "answer")


def saved(workspace: Workspace, kept: QuestionSet) -> Iterator[bytes]:
    """Return the lines of the table: the columns of test questions that are used, and the person's own.

    Raises NotAllowed for sealed questions that were not scored yet, and NotFound where their file is gone.
    """
    if hidden(workspace, kept):
        raise NotAllowed(f"{kept.name} is sealed and was not scored yet.", "Score it first.")
    rows = list(set_rows(workspace, kept))
    found = dict.fromkeys(name for row in rows for name in row)
    used = [name for name in COLUMNS if name in _ALWAYS or any(row.get(name) for row in rows)]
    names = [*used, *(name for name in found if name not in COLUMNS)]
    lines = csv_lines(names, ([row.get(name, "") for name in names] for row in rows))
    return (line.encode("utf-8" if number else "utf-8-sig") for number, line in enumerate(lines))
