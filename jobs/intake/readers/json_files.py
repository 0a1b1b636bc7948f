"""Read JSON: a list of objects, lines of objects, columns of lists, or an object that holds such a list somewhere."""

import json
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from jobs.intake.encodings import encoding_of
from jobs.intake.readers.conversations import is_conversation
from jobs.intake.readers.messages import PARTS
from jobs.intake.readers.records import tabulated
from jobs.intake.readers.sheets import chosen
from jobs.intake.table import Reader
from storage.errors import UnreadableFile

_DEEPEST_LIST = 4
_MOST_DIGITS = 1000
_MEND = "Mend it there, or export the file again from the program that it comes from."
_HOLDS = "It should hold a list of objects, each with a question and an answer."


def read_json(path: Path, name: str, codec: str, sheet: str | None) -> Reader:
    """Give the rows of the list called `sheet`, by default of the first; a file of lines is one list.

    Raises UnreadableFile with the line that is no JSON, and NotFound where no list has this name.
    """
    if _has_records_by_line(path, codec):
        return (yield from tabulated(_by_line(path, name, codec), name))
    tables = tables_in(_parsed(path.read_text(encoding=codec), name))
    names = [path for path in tables if path]
    found = chosen(sheet, names, name) if names else ""
    heading = yield from tabulated(tables[found], name)
    heading.sheets, heading.sheet = names, found
    return heading


def line_records(path: Path, name: str) -> Iterator[Any]:
    """Yield the records of a file of JSON lines."""
    codec, _note = encoding_of(path, name)
    return _by_line(path, name, codec)


def tables_in(document: Any) -> dict[str, list[Any]]:
    """Return the lists of records in a document by the path that leads to them; "" is the document itself."""
    if isinstance(document, list):
        return {"": [document] if _is_one_conversation(document) else document}
    if not isinstance(document, dict):
        return {"": [document]}
    if any(is_conversation(value) for value in document.values()):
        return {"": [document]}
    by_column = _columns(document)
    if by_column is not None:
        return {"": by_column}
    return _lists(document) or {"": _keyed(document)}


def _is_one_conversation(document: list[Any]) -> bool:
    """Tell one conversation from a table in which each message is a row and says to which conversation it belongs."""
    return is_conversation(document) and document[0].keys() <= PARTS


def _columns(document: dict[str, Any]) -> list[Any] | None:
    """Return the rows of an object that holds a list, or an object numbered from 0, for each column; else None."""
    columns = {name: _numbered(value) for name, value in document.items()}
    lengths = {len(values) if values else 0 for values in columns.values()}
    if len(columns) < 2 or len(lengths) != 1 or 0 in lengths:
        return None
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True) if row]


def _numbered(value: Any) -> list[Any] | None:
    if isinstance(value, dict) and list(value) == [str(number) for number in range(len(value))]:
        value = list(value.values())
    return value if isinstance(value, list) and not any(isinstance(one, dict | list) for one in value[:1]) else None


def _lists(document: dict[str, Any]) -> dict[str, list[Any]]:
    """Return the lists of objects that lie nearest to the top."""
    level: list[tuple[str, Any]] = list(document.items())
    for _ in range(_DEEPEST_LIST):
        found = {path: value for path, value in level if isinstance(value, list) and _of_objects(value)}
        if found:
            return found
        level = [
            (f"{path}.{key}", inner) for path, value in level if isinstance(value, dict) for key, inner in value.items()
        ]
    return {}


def _of_objects(values: list[Any]) -> bool:
    return bool(values) and isinstance(values[0], dict | list)


def _keyed(document: dict[str, Any]) -> list[Any]:
    """Return one row for each object of an object of objects, with its key; else the document as the only row."""
    if len(document) > 1 and all(isinstance(value, dict) for value in document.values()):
        return [{"key": key, **value} for key, value in document.items()]
    return [document]


def _loaded(text: str) -> Any:
    """Return the value; numbers that would be written in another way afterwards, such as 1.10, stay texts."""
    return json.loads(text, parse_int=_whole, parse_float=_decimal, parse_constant=str)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) < _MOST_DIGITS else digits


def _decimal(digits: str) -> float | str:
    number = float(digits)
    return number if repr(number) == digits else digits


def _has_records_by_line(path: Path, codec: str) -> bool:
    with path.open(encoding=codec) as stream:
        first, second = islice((line for line in chain(stream, ["", ""]) if line.strip() or not line), 2)
    try:
        return bool(second) and isinstance(_loaded(first), dict | list)
    except (ValueError, RecursionError):
        return False


def _by_line(path: Path, name: str, codec: str) -> Iterator[Any]:
    with path.open(encoding=codec) as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield _parsed(line, name, number)


def _parsed(text: str, name: str, line: int = 0) -> Any:
    try:
        return _loaded(text)
    except json.JSONDecodeError as error:
        where = f"Line {line or error.lineno} of {name}"
        raise UnreadableFile(f"{where} is not valid JSON ({error.msg}, at character {error.colno}).", _MEND) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{name} is nested too deeply to be a table.", _HOLDS) from error
