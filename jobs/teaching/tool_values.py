"""Values that a drafted question for a tool may hold: of its tables, of its choices, or made up as they are written."""

import random
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeVar

from jobs.teaching import phrasings
from jobs.tools.database.asking import KIND as DATABASE
from jobs.tools.registry import TABLE
from jobs.tools.tool import Arguments, Tool
from storage.outside.shape import shape_of
from storage.records import ToolRecord
from storage.workspace import Workspace

_PHRASED, _KNOWN = 0.9, 0.7
_ROWS = 400
_DAYS = 700
Thing = TypeVar("Thing")


class Values:
    """Puts values into the phrasings of one tool after another, at random."""

    def __init__(self, workspace: Workspace, chance: random.Random) -> None:
        self._workspace = workspace
        self._chance = chance
        self._records = {record.name: record for record in workspace.tools.list()}
        self._rows = cache(lambda name: workspace.tools.first_rows(name, _ROWS))

    def questions(self, tool: Tool) -> Iterator[tuple[str, Arguments]]:
        """Yield questions for a tool without end, each with arguments as far as they are known without reading it."""
        record = self._records.get(tool.name)
        phrased = _phrased(tool, record)
        while phrased or tool.examples:
            if not tool.examples or (phrased and self._chance.random() < _PHRASED):
                yield self._chance.choice(phrased).format(**self._given(record)), {}
            else:
                yield self._around(*self._varied(tool))

    def wanting_nothing(self, question: str, arguments: Arguments) -> str:
        """Return a text that holds what the question holds, and wants no call."""
        standing = [str(value) for value in arguments.values() if str(value) in question]
        fitting = [one for one in phrasings.NO_CALL if standing or "{value}" not in one]
        return self._chance.choice(fitting).format(question=question, value=standing[0] if standing else "")

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        """Return the things in a chance order."""
        return self._chance.sample(things, len(things))

    def _given(self, record: ToolRecord | None) -> dict[str, Any]:
        """Return a value for each place that a phrasing may have."""
        pick, given = self._chance.choice, self._made_up()
        if record is not None and record.kind == TABLE:
            key = record.config["key"]
            others = [column for column in record.config["columns"] if column != key] or [key]
            given |= {"key": str(pick(self._rows(record.name))[key]).strip(), "column": _spoken(pick(others))}
        elif record is not None and record.kind == DATABASE:
            shape = shape_of(record.config["shape"])
            table = pick(shape.tables)
            given |= {"table": _spoken(table), "column": _spoken(pick(shape.of(table)).name)}
        return given

    def _made_up(self) -> dict[str, Any]:
        chance = self._chance
        first = date(2026, 1, 1) + timedelta(days=chance.randrange(_DAYS))
        other = first + timedelta(days=chance.randrange(2, _DAYS))
        of, unit = chance.choice(phrasings.UNITS)
        numbers = {"a": chance.randrange(12, 900), "b": chance.randrange(11, 90), "n": chance.randrange(3, 25)}
        sentence = chance.choice(phrasings.SENTENCES)
        return {**numbers, "date": first, "other": _long(other), "of": of, "unit": unit, "sentence": sentence}

    def _varied(self, tool: Tool) -> tuple[str, Arguments]:
        """Return an example of the tool with other values in the places of its own, where there are any."""
        question, arguments = self._chance.choice(tool.examples)
        changed: Arguments = {}
        for name, value in arguments.items():
            said = str(value)
            place = re.search(rf"(?<!\w){re.escape(said)}(?!\w)", question)
            new = self._another(tool, name, value) if place else value
            if place:
                question = f"{question[: place.start()]}{new}{question[place.end() :]}"
            changed[name] = new
        return question, changed

    def _another(self, tool: Tool, name: str, value: Any) -> Any:
        choices = tool.schema["properties"].get(name, {}).get("enum") or self._kept_as(name)
        # A column of that name may hold other things: some values are made up all the same.
        if choices and self._chance.random() < _KNOWN:
            return self._chance.choice(choices)
        if isinstance(value, int | float):
            return self._chance.randrange(1, 100)
        return re.sub(r"[0-9]", lambda _: str(self._chance.randrange(1, 10)), str(value))

    def _kept_as(self, name: str) -> list[str]:
        """Return what the look-up tables hold in a column of that name."""
        wanted = name.casefold()
        return [
            cell
            for record in self._records.values() if record.kind == TABLE
            for column in record.config["columns"] if column.casefold() in {wanted, f"{wanted}s"}
            for row in self._rows(record.name) if (cell := str(row[column]).strip())
        ]  # fmt: skip

    def _around(self, question: str, arguments: Arguments) -> tuple[str, Arguments]:
        later = question[:1].lower() + question[1:] if question[1:2].islower() else question
        return self._chance.choice(phrasings.AROUND).format(question=question, later=later), arguments


def _phrased(tool: Tool, record: ToolRecord | None) -> Sequence[str]:
    """Return the phrasings for its kind; none where only its own examples tell what it is asked."""
    by_kind = {TABLE: phrasings.OF_A_ROW, DATABASE: phrasings.OF_A_DATABASE}
    return by_kind.get(record.kind if record is not None else "") or phrasings.BUILT_IN.get(tool.name, ())


def _spoken(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").casefold()


def _long(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
