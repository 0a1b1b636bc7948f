"""Make a look-up tool of an uploaded table: each row is found by its key column."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from jobs.intake.formats import Table, read_table
from jobs.tools.keys import shape
from jobs.tools.lookup import look_up
from storage.errors import NotFound, TooLarge, UnusableRows, UserFault
from storage.records import Json, Permission, ToolRecord
from storage.tools import KEY_LENGTH, TableRow
from storage.workspace import Workspace

PREFIX = "look_up_"
_NAME_LENGTH = 60
_SHAPES = 20


def add_table(workspace: Workspace, name: str, path: Path, file_name: str, key: str) -> ToolRecord:
    """Keep the table in `path` as the tool `look_up_<name>`, replacing one of the same name.

    Raises UserFault with a sentence where the file, the name or the key column can't be used.
    """
    tool_name = f"{PREFIX}{slug(name)}"
    table = read_table(path, file_name)
    column = _column(table, key, file_name)
    rows = list(_rows(table, column, file_name))
    if not rows:
        raise UnusableRows(f"Every cell of the column {table.columns[column]!r} of {file_name} is empty.")
    record = ToolRecord(tool_name, "table", _permission(workspace, tool_name), "", _config(table, column, rows, name))
    record.config["file"] = file_name
    made = replace(record, schema_sha256=look_up(record, workspace.tools).schema_sha256)
    return workspace.tools.keep(made, rows)


def slug(name: str) -> str:
    """Return `name` as part of a tool's name: small letters, digits, underscores; raise UserFault for an empty one."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.strip().casefold()).strip("_").removeprefix(PREFIX)
    plain = plain[:_NAME_LENGTH].strip("_")
    if not plain:
        raise UserFault("The name needs at least one letter or digit.", "Give it a name such as orders or weather.")
    return plain


def _column(table: Table, key: str, file_name: str) -> int:
    named = [column.strip().casefold() for column in table.columns]
    if key in table.columns:
        return table.columns.index(key)
    if key.strip().casefold() in named:
        return named.index(key.strip().casefold())
    raise NotFound(
        f"{file_name} has no column {key!r}.", f"Choose one of its columns as the key: {', '.join(table.columns)}."
    )


def _rows(table: Table, column: int, file_name: str) -> Iterator[TableRow]:
    for number, cells in enumerate(table.rows, start=1):
        key = cells[column].strip()
        if len(key) > KEY_LENGTH:
            raise TooLarge(
                f"The key in row {number} of {file_name} has {len(key)} characters; {KEY_LENGTH} is the most.",
                "Choose a column of short names or numbers as the key.",
            )
        if key:
            yield TableRow(key, dict(zip(table.columns, cells, strict=True)))


def _permission(workspace: Workspace, name: str) -> Permission:
    kept = [record.permission for record in workspace.tools.list() if record.name == name]
    return kept[0] if kept else Permission.AUTO


def _config(table: Table, column: int, rows: list[TableRow], name: str) -> Json:
    shapes = Counter(shape(row.key) for row in rows)
    del shapes[""]
    heading = table.columns[column]
    nouns = {word for text in (name, heading) for word in re.findall(r"[a-z]+", text.casefold())}
    return {
        "name": name.strip(),
        "key": heading,
        "columns": table.columns,
        "rows": len(rows),
        "rows_sha256": sha256(json.dumps([row.body for row in rows], ensure_ascii=False).encode()).hexdigest(),
        "left_out": len(table.rows) - len(rows),
        "example": rows[0].key,
        "key_words": min(12, max(len(row.key.split()) for row in rows)),
        "shapes": [form for form, _ in shapes.most_common(_SHAPES)],
        "nouns": sorted(nouns | {noun.removesuffix("s") for noun in nouns if len(noun) > 3} | {"id", "no", "number"}),
    }
