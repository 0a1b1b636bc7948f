"""Ask a database of others: the rows of one question, or which words of a question stand in its columns."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Text, cast, column, func, or_, select, table

from storage.outside.connecting import Outside, TooSlow
from storage.outside.query import Ask
from storage.outside.shape import OutsideColumn, Shape
from storage.outside.writing import statement

_MOST_VALUES = 20


@dataclass(frozen=True, slots=True)
class Answered:
    """The rows of one question with the headings of their columns.

    `more`: there are rows that are not shown; `tied`: of those, the next has as much as the last that is shown.
    """

    headings: list[str]
    rows: list[tuple[Any, ...]]
    more: bool
    tied: bool = False


def ask_outside(outside: Outside, shape: Shape, ask: Ask) -> Answered:
    """Return what the database says; raise OutsideFault where it says nothing or can't be asked so."""
    made = statement(shape, ask)
    with outside.reading(shape.readable()) as connection:
        found = connection.execute(made)
        headings, rows = list(found.keys()), [tuple(row) for row in found.all()]
    limit = min(max(ask.limit, 1), len(rows))
    more = len(rows) > limit
    place = headings.index(ask.order_by) if ask.order_by else -1
    tied = more and bool(ask.order) and rows[limit][place] == rows[limit - 1][place]
    return Answered(headings, rows[:limit], more, tied)


def values_in(outside: Outside, shape: Shape, said: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Return which of these texts are values, in small letters: the labels of their columns, and how they are kept.

    Columns that can't be looked through in time have none; raises OutsideFault where the database does not answer.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    with suppress(TooSlow), outside.reading(shape.readable()) as connection:
        for asked in shape.columns:
            if asked.kind == "text":
                for kept in _values(connection, asked, said):
                    found.setdefault(kept.lower(), []).append((asked.label, kept))
    return found


def _values(connection: Connection, asked: OutsideColumn, said: Sequence[str]) -> list[str]:
    kept = cast(table(asked.table, column(asked.name)).c[asked.name], Text)
    same = or_(kept.in_(said), func.lower(kept).in_([one.lower() for one in said]))
    found = connection.execute(select(kept).where(same).distinct().limit(_MOST_VALUES))
    return [str(one) for one in found.scalars()]
