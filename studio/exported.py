"""Comparisons as files to take away: one or many, as Markdown, CSV or JSON, piece by piece."""

import json
from collections.abc import Iterator, Sequence
from typing import Literal

from jobs.answering.compare import kept_answer
from storage.records import Comparison
from storage.spreadsheets import csv_lines
from storage.votes import vote_on
from storage.workspace import Workspace
from studio.names import names_in
from studio.views.places import called
from studio.views.taking import ROW, Told, as_markdown, document, rows

Form = Literal["md", "csv", "json"]
FORMS: tuple[Form, ...] = ("md", "csv", "json")
TYPES: dict[Form, str] = {"md": "text/markdown", "csv": "text/csv", "json": "application/json"}
ENCODINGS: dict[Form, str] = {"md": "utf-8", "csv": "utf-8-sig", "json": "utf-8"}


def told(workspace: Workspace, comparison: Comparison) -> Told:
    """Return a comparison with everything that is kept of it."""
    vote = vote_on(workspace.database, comparison.id)
    sealed = comparison.blind and vote is None
    names = called(comparison, names_in(workspace, comparison.columns), sealed=sealed)
    answers = [kept_answer(workspace.comparisons, comparison.id, column.id) for column in comparison.columns]
    voted, cast_blind = vote or (None, False)
    return Told(comparison, answers, names, voted, cast_blind)


def one(workspace: Workspace, comparison: Comparison, form: Form) -> Iterator[str]:
    """Yield one comparison in a form."""
    if form == "json":
        yield json.dumps(document(told(workspace, comparison)), ensure_ascii=False, indent=2) + "\n"
    else:
        yield from many(workspace, [comparison], form)


def many(workspace: Workspace, comparisons: Sequence[Comparison], form: Form) -> Iterator[str]:
    """Yield many comparisons in a form: each is looked up only when its turn comes."""
    each = (told(workspace, comparison) for comparison in comparisons)
    match form:
        case "csv":
            yield from csv_lines(ROW, (row for part in each for row in rows(part)))
        case "md":
            yield from ((("\n---\n\n" if number else "") + as_markdown(part)) for number, part in enumerate(each))
        case "json":
            yield from _listed(json.dumps(document(part), ensure_ascii=False) for part in each)


def _listed(lines: Iterator[str]) -> Iterator[str]:
    yield "["
    for number, line in enumerate(lines):
        yield (",\n" if number else "\n") + line
    yield "\n]\n"


def encoded(pieces: Iterator[str], form: Form) -> Iterator[bytes]:
    """Yield the pieces as bytes; a table begins with the mark that lets spreadsheets read its letters."""
    for number, piece in enumerate(pieces):
        yield piece.encode(ENCODINGS[form] if number == 0 else "utf-8")
