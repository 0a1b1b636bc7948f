"""Lay a record (a JSON object and its kin) out as cells: one column for each path that leads to a value."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from jobs.intake.sizes import MOST_COLUMNS
from storage.errors import TooLarge

_DEEPEST = 8
_BETWEEN = "; "


class Columns:
    """Gives each path a column of its own, in the order in which they first appear."""

    def __init__(self, *names: str) -> None:
        self._places = {name: place for place, name in enumerate(names)}

    @property
    def names(self) -> list[str]:
        """All columns so far."""
        return list(self._places)

    def row(self, values: Mapping[str, str]) -> list[str]:
        """Return the values in the order of the columns; raise TooLarge where there are too many columns."""
        for name in values:
            self._places.setdefault(name, len(self._places))
        if len(self._places) > MOST_COLUMNS:
            raise TooLarge(f"The table has more than {MOST_COLUMNS} columns, which are the most that are read here.")
        return [values.get(name, "") for name in self._places]


def flat(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the record's values as texts, those of nested objects by the dotted path to them."""
    return dict(_paths(record, "", _DEEPEST))


def text_of(value: Any) -> str:
    """Return one value as the text of a cell: a plain list by its entries, anything deeper as JSON."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return str(value).lower()
        case date() | time():
            return value.isoformat().replace("T", " ")
        case bytes():
            return value.decode(errors="replace")
        case list() if not any(isinstance(entry, dict | list) for entry in value):
            return _BETWEEN.join(map(text_of, value))
        case dict() | list():
            return json.dumps(value, ensure_ascii=False, default=text_of)
        case _:
            return str(value)


def _paths(record: Mapping[str, Any], before: str, deeper: int) -> Iterator[tuple[str, str]]:
    for key, value in record.items():
        path = f"{before}{key}"
        if isinstance(value, dict) and value and deeper:
            yield from _paths(value, f"{path}.", deeper - 1)
        else:
            yield path, "" if value == {} else text_of(value)
