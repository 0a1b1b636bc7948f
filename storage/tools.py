"""Tools with their permissions, and the rows of look-up tables."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, Row, Select, delete, desc, insert, select, update

from storage.database import Database
from storage.errors import NotFound
from storage.records import Json, Permission, ToolRecord
from storage.tables import table_rows, tools

KEY_LENGTH = 400
_BATCH = 5_000
# SQLite takes 32,766 parameters a statement, older builds 999.
_MOST_KEYS_AT_ONCE = 500


class TableRow(NamedTuple):
    """One row of a look-up table: its key as written, and its cells by column."""

    key: str
    body: Json


def fold(key: str) -> str:
    """Return the form in which keys are compared: case, surrounding and repeated spaces do not count."""
    return " ".join(unicodedata.normalize("NFKC", key).split()).casefold()[:KEY_LENGTH]


class Tools:
    """Keeps what the workspace knows of its tools, and finds rows of look-up tables by their key."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def keep(self, record: ToolRecord, rows: Iterable[TableRow] | None = None) -> ToolRecord:
        """Store a tool, replacing one of the same name; with `rows`, these replace its rows. All or nothing.

        When it was last used survives a replacement.
        """
        with self._database.writing() as connection:
            kept = _kept(connection, record)
            if rows is not None:
                _replace_rows(connection, record.name, rows)
        return kept

    def keep_all(self, records: Sequence[ToolRecord]) -> Sequence[ToolRecord]:
        """Store several tools, replacing those of the same names. All or nothing."""
        with self._database.writing() as connection:
            return [_kept(connection, record) for record in records]

    def exchange(self, before: ToolRecord, after: ToolRecord) -> bool:
        """Store `after` in place of `before`; False where the tool is gone or is made otherwise by now."""
        with self._database.writing() as connection:
            row = connection.execute(_named(before.name).with_for_update()).one_or_none()
            if row is None or _record(row).config != before.config:
                return False
            _kept(connection, after)
            return True

    def get(self, name: str) -> ToolRecord:
        """Return one tool; raise NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(_named(name)).one_or_none()
        if row is None:
            raise _unknown(name)
        return _record(row)

    def set_permission(self, name: str, permission: Permission) -> None:
        """Decide when a tool may run; raise NotFound."""
        self._change(name, permission=str(permission))

    def used(self, name: str) -> None:
        """Note that a tool ran just now; raise NotFound."""
        self._change(name, last_used_at=self._clock())

    def remove(self, name: str) -> None:
        """Forget a tool and its rows; raise NotFound."""
        with self._database.writing() as connection:
            connection.execute(delete(table_rows).where(table_rows.c.tool == name))
            if connection.execute(delete(tools).where(tools.c.name == name)).rowcount == 0:
                raise _unknown(name)

    def rows(self, name: str, key: str) -> list[Json]:
        """Return the cells of every row whose key is `key`, in the order of the file."""
        wanted = select(table_rows.c.body).where(table_rows.c.tool == name, table_rows.c.key == fold(key))
        with self._database.reading() as connection:
            return list(connection.execute(wanted.order_by(table_rows.c.row)).scalars())

    def first_rows(self, name: str, limit: int) -> list[Json]:
        """Return the cells of the first rows of a table, at most `limit`, in the order of the file."""
        wanted = select(table_rows.c.body).where(table_rows.c.tool == name).order_by(table_rows.c.row).limit(limit)
        with self._database.reading() as connection:
            return list(connection.execute(wanted).scalars())

    def known_keys(self, name: str, keys: Sequence[str]) -> set[str]:
        """Return those of `keys`, folded, that the table has."""
        folded = sorted({fold(key) for key in keys})
        found: set[str] = set()
        with self._database.reading() as connection:
            for start in range(0, len(folded), _MOST_KEYS_AT_ONCE):
                some = folded[start : start + _MOST_KEYS_AT_ONCE]
                wanted = select(table_rows.c.key).where(table_rows.c.tool == name, table_rows.c.key.in_(some))
                found.update(connection.execute(wanted).scalars())
        return found

    def keys_with(self, name: str, parts: Sequence[str], limit: int = 500) -> list[str]:
        """Return folded keys that contain one of `parts`, at most `limit` a part, each once."""
        found: dict[str, None] = {}
        with self._database.reading() as connection:
            for part in parts:
                like = table_rows.c.key.contains(fold(part), autoescape=True)
                wanted = select(table_rows.c.key).where(table_rows.c.tool == name, like).distinct().limit(limit)
                found.update(dict.fromkeys(connection.execute(wanted).scalars()))
        return list(found)

    def neighbours(self, name: str, key: str, each: int = 20) -> list[str]:
        """Return the folded keys around `key` in alphabetical order, at most `each` on either side."""
        mine, column = table_rows.c.tool == name, table_rows.c.key
        before = select(column).where(mine, column < fold(key)).distinct().order_by(desc(column)).limit(each)
        after = select(column).where(mine, column >= fold(key)).distinct().order_by(column).limit(each)
        with self._database.reading() as connection:
            return [*connection.execute(before).scalars(), *connection.execute(after).scalars()]

    def list(self) -> list[ToolRecord]:
        """Return all tools by name."""
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(select(tools).order_by(tools.c.name)).all()]

    def _change(self, name: str, **values: object) -> None:
        with self._database.writing() as connection:
            if connection.execute(update(tools).where(tools.c.name == name).values(**values)).rowcount == 0:
                raise _unknown(name)


def _kept(connection: Connection, record: ToolRecord) -> ToolRecord:
    values = {**asdict(record), "permission": str(record.permission)}
    known = connection.execute(_named(record.name)).one_or_none()
    if known is None:
        connection.execute(insert(tools).values(**values))
    else:
        values["last_used_at"] = record.last_used_at or known.last_used_at
        connection.execute(update(tools).where(tools.c.name == record.name).values(**values))
    return replace(record, last_used_at=values["last_used_at"])


def _replace_rows(connection: Connection, name: str, rows: Iterable[TableRow]) -> None:
    connection.execute(delete(table_rows).where(table_rows.c.tool == name))
    numbered = enumerate(rows, start=1)
    while batch := list(islice(numbered, _BATCH)):
        values = [{"tool": name, "row": number, "key": fold(row.key), "body": row.body} for number, row in batch]
        connection.execute(insert(table_rows), values)


def _named(name: str) -> Select[tuple[object, ...]]:
    return select(tools).where(tools.c.name == name)


def _unknown(name: str) -> NotFound:
    return NotFound(f"There is no tool {name!r}.", "Look at the Tools page for the names there are.")


def _record(row: Row[tuple[object, ...]]) -> ToolRecord:
    values = dict(row._mapping)
    values.pop("user_id")
    return ToolRecord(**{**values, "permission": Permission(values["permission"])})
