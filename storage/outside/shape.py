"""What of another database may be asked: its ticked columns, their keys and links, and the person's own measures."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Literal

from storage.records import Json

Kind = Literal["text", "number", "date"]
YEAR = "year of "


@dataclass(frozen=True, slots=True)
class OutsideColumn:
    """One column: its table, its name, and what stands in it."""

    table: str
    name: str
    kind: Kind

    @property
    def label(self) -> str:
        """How it is called wherever a column is chosen: `Track.Name`."""
        return f"{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class Link:
    """A column whose values are keys of another table: each row of `table` belongs to one of `to_table`."""

    table: str
    column: str
    to_table: str
    to_column: str


@dataclass(frozen=True, slots=True)
class Factor:
    """One part of a measure: a column's label or a number, by which is multiplied or divided."""

    sign: Literal["*", "/"]
    of: str


@dataclass(frozen=True, slots=True)
class Measure:
    """An amount that the person named, worked out of columns of one table: revenue = price * quantity."""

    name: str
    table: str
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """The part of a database that may be asked. `keys` are the primary keys by table.

    Key columns and links join tables even where they are not ticked; they are never shown then.
    """

    columns: tuple[OutsideColumn, ...]
    keys: dict[str, tuple[str, ...]]
    links: tuple[Link, ...]
    measures: tuple[Measure, ...] = field(default=())

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of which at least one column may be asked, in order."""
        return tuple(dict.fromkeys(column.table for column in self.columns))

    @property
    def labels(self) -> list[str]:
        """The labels of all columns."""
        return [column.label for column in self.columns]

    def of(self, table: str, *kinds: Kind) -> list[OutsideColumn]:
        """Return the columns of a table, only those of `kinds` where any are named."""
        return [one for one in self.columns if one.table == table and (not kinds or one.kind in kinds)]

    def column(self, label: str) -> OutsideColumn | None:
        """Return the column with this label, None where there is none."""
        return next((one for one in self.columns if one.label == label), None)

    def measure(self, name: str) -> Measure | None:
        """Return the measure of this name, None where there is none."""
        return next((one for one in self.measures if one.name == name), None)

    def ticked(self, labels: Collection[str], measures: Sequence[Measure] = ()) -> "Shape":
        """Return the part of these columns, with `measures`; links of tables that are left out go with them."""
        columns = tuple(one for one in self.columns if one.label in labels)
        kept = {one.table for one in columns}
        links = tuple(link for link in self.links if {link.table, link.to_table} <= kept)
        keys = {table: key for table, key in self.keys.items() if table in kept}
        return replace(self, columns=columns, keys=keys, links=links, measures=tuple(measures))

    def readable(self) -> set[tuple[str, str]]:
        """Return every pair of table and column that a query may touch: what is ticked, and what joins it."""
        joined = [pair for link in self.links for pair in ((link.table, link.column), (link.to_table, link.to_column))]
        keys = [(table, column) for table, columns in self.keys.items() for column in columns]
        return {*((one.table, one.name) for one in self.columns), *joined, *keys}

    def as_json(self) -> Json:
        """Return it as it is kept."""
        return asdict(self)


def shape_of(kept: Json) -> Shape:
    """Return the shape that `as_json` gave."""
    measures = (
        Measure(one["name"], one["table"], tuple(Factor(**factor) for factor in one["factors"]))
        for one in kept["measures"]
    )
    return Shape(
        columns=tuple(OutsideColumn(**one) for one in kept["columns"]),
        keys={table: tuple(columns) for table, columns in kept["keys"].items()},
        links=tuple(Link(**one) for one in kept["links"]),
        measures=tuple(measures),
    )
