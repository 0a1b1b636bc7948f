"""What a database of others holds: tables with columns of text, numbers and dates, their keys and links."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Inspector, inspect
from sqlalchemy.types import Date, DateTime, Integer, NullType, Numeric, String, TypeEngine, Uuid

from storage.outside.connecting import Outside, OutsideFault
from storage.outside.shape import Kind, Link, OutsideColumn, Shape

MOST_COLUMNS = 300
_NUMBERS, _DATES, _TEXTS = (Numeric, Integer), (Date, DateTime), (String, NullType)


def described(outside: Outside) -> Shape:
    """Return all that could be ticked; raise OutsideFault where there is nothing or more than anybody can tick."""
    with outside.reading(None) as connection:
        shape = _shape(connection)
    if not shape.columns:
        raise OutsideFault("This database has no table that can be asked.", "Choose one that holds tables.")
    if len(shape.columns) > MOST_COLUMNS:
        raise OutsideFault(
            f"This database has {len(shape.columns):,} columns; {MOST_COLUMNS} is the most.",
            "Bring the tables that matter in a database of their own.",
        )
    return shape


def _shape(connection: Connection) -> Shape:
    inspector: Inspector = inspect(connection)
    columns, keys, links = list[OutsideColumn](), dict[str, tuple[str, ...]](), list[Link]()
    for table in sorted(inspector.get_table_names()):
        columns += [
            OutsideColumn(table, column["name"], kind)
            for column in inspector.get_columns(table)
            if (kind := _kind(column["type"])) is not None
        ]
        keys[table] = tuple(inspector.get_pk_constraint(table)["constrained_columns"])
        links += _links(table, inspector.get_foreign_keys(table))
    return Shape(tuple(columns), keys, tuple(links))


def _kind(column: TypeEngine[Any]) -> Kind | None:
    if isinstance(column, _NUMBERS):
        return "number"
    if isinstance(column, _DATES):
        return "date"
    return "text" if isinstance(column, _TEXTS) and not isinstance(column, Uuid) else None


def _links(table: str, found: Sequence[Any]) -> list[Link]:
    """A link of several columns at once is left out: one column is what the form can follow."""
    return [
        Link(table, one["constrained_columns"][0], one["referred_table"], one["referred_columns"][0])
        for one in found
        if len(one["constrained_columns"]) == len(one["referred_columns"]) == 1
    ]
