"""What may be asked of a database, as data: a constrained form, from which code makes the statement."""

from dataclasses import dataclass
from typing import Literal

from storage.outside.shape import Shape

Find = Literal["rows", "number", "different", "sum", "average", "smallest", "largest"]
Sign = Literal["is", "is not", "above", "below", "at least", "at most", "contains", "is empty", "is not empty"]
MOST_ROWS = 50
USUAL_ROWS = 20


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: what (a column's label, `year of ...`, or a measure), how, and the value."""

    of: str
    sign: Sign
    value: str | float | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a database. `columns`, `by` and `order_by` are labels, years of dates, or measures.

    `by` may also name a table: then for each of its rows. `without` names a table of which no row belongs to what is
    found.
    """

    find: Find
    table: str
    columns: tuple[str, ...] = ()
    by: str = ""
    filters: tuple[Filter, ...] = ()
    without: str = ""
    order: Literal["", "highest first", "lowest first"] = ""
    order_by: str = ""
    limit: int = USUAL_ROWS


def names_in(shape: Shape, table_name: str) -> list[str]:
    """Return the columns that hold names or titles of the table's rows."""
    return [one.label for one in shape.of(table_name, "text") if one.name.casefold().endswith(("name", "title"))]


def labels_for(shape: Shape, table_name: str) -> list[str]:
    """Return the columns by which a person knows a row of the table: its names or titles, else its first column."""
    others = shape.of(table_name, "text") or shape.of(table_name)
    return names_in(shape, table_name)[:2] or [others[0].label]
