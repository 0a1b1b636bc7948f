"""A database as a tool: a filled-in form is asked, and the rows come back as text with a header row."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from jobs.tools.database.form import ask_of, only, schema_of
from jobs.tools.database.mentions import mentions
from jobs.tools.database.sources import opened
from jobs.tools.database.understanding import understood
from jobs.tools.database.vocabulary import Vocabulary
from jobs.tools.tool import Arguments, Tool
from storage.outside.asking import Answered, ask_outside, values_in
from storage.outside.connecting import Outside
from storage.outside.query import USUAL_ROWS
from storage.outside.shape import Shape, shape_of
from storage.records import Json, ToolRecord
from storage.workspace import Workspace

KIND = "database"
MOST_CHARACTERS = 4_000
_MOST_CELL = 200
NOTHING = "No rows."


def ask_database(record: ToolRecord, workspace: Workspace) -> Tool:
    """Return the tool for a kept database; it is opened anew for each question."""
    made = _Database(record, lambda: opened(workspace, record))
    shape = made.shape
    example = {"find": "number", "table": shape.tables[0]}
    return Tool(
        name=record.name,
        title=f"Ask {record.name.removeprefix('ask_').replace('_', ' ')}",
        description=f"Counts, adds up and lists what the database {record.config['name']} holds: "
        f"{', '.join(shape.tables[:12])}.",
        schema=schema_of(shape),
        run=made.answer,
        permission=record.permission,
        narrow=made.narrow,
        sure=lambda question: made.narrow(question) is not None,
        examples=((f"How many {shape.tables[0]} are there?", example),),
    )


@dataclass(frozen=True)
class _Database:
    record: ToolRecord
    open: Callable[[], Outside]

    @cached_property
    def shape(self) -> Shape:
        return shape_of(self.record.config["shape"])

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.shape, self.record.config["meanings"])

    def narrow(self, question: str) -> Json | None:
        """Return a schema of what the question can ask, None where not every word of it is explained."""
        mentioned = mentions(question, self._vocabulary, lambda said: values_in(self.open(), self.shape, said))
        asks = understood(mentioned, self.shape) if mentioned else []
        return only(asks) if asks else None

    def answer(self, arguments: Arguments) -> str:
        """Return the rows for checked arguments; raise OutsideFault in a sentence."""
        ask = ask_of(arguments)
        answered = ask_outside(self.open(), self.shape, ask)
        # Who asks for the one with the most wants no others.
        return written(answered if ask.limit >= USUAL_ROWS else replace(answered, more=False))


def written(answered: Answered) -> str:
    """Return the rows as lines with a header row, at most 4,000 characters; what is left out is said."""
    if not answered.rows:
        return NOTHING
    lines = [" | ".join(answered.headings)]
    length = len(lines[0])
    for place, row in enumerate(answered.rows):
        line = " | ".join(_cell(value) for value in row)
        length += len(line) + 1
        if length > MOST_CHARACTERS:
            return "\n".join([*lines, f"and {len(answered.rows) - place} rows more that are not shown"])
        lines.append(line)
    if answered.tied:
        return "\n".join([*lines, "and more rows with as much, which are not shown"])
    return "\n".join([*lines, "and more rows that are not shown"] if answered.more else lines)


def _cell(value: Any) -> str:
    match value:
        case None:
            return "–"
        case float() | Decimal():
            # Sums of cents end in digits that nobody meant.
            return f"{round(float(value), 6):.12g}"
        case datetime() | date():
            return value.isoformat()
        case _:
            text = " ".join(str(value).split())
            return text if len(text) <= _MOST_CELL else f"{text[:_MOST_CELL].rstrip()}…"
