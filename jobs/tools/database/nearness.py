"""Which of several columns is meant: the one whose table is nearest to those that are spoken of."""

from collections.abc import Sequence

from jobs.tools.database.said import Unclear
from storage.outside.joining import upwards, way
from storage.outside.shape import YEAR, Shape


def table_of(label: str) -> str:
    """Return the table in a column's label."""
    return label.rpartition(".")[0]


def table_of_thing(name: str, shape: Shape) -> str:
    """Return the table of a column or a measure."""
    measure = shape.measure(name)
    return measure.table if measure is not None else table_of(name)


def nearest(tables: Sequence[str], labels: Sequence[str], shape: Shape) -> str:
    """Return the label whose table is nearest to these; raise Unclear where several are as near."""
    near = all_nearest(tables, labels, shape)
    if len(near) != 1:
        raise Unclear
    return near[0]


def all_nearest(tables: Sequence[str], labels: Sequence[str], shape: Shape) -> list[str]:
    """Return the labels whose tables are nearest to these."""
    distances = {label: _distance(tables, table_of(label), shape) for label in labels}
    best = min(distances.values())
    return [label for label, distance in distances.items() if distance == best]


def _distance(tables: Sequence[str], table: str, shape: Shape) -> tuple[int, int]:
    ways = [edges for start in tables if (edges := way(shape, start, table)) is not None]
    lengths = [(len(edges), sum(not edge.up for edge in edges)) for edges in ways]
    return min(lengths, default=(99 if tables else 0, 0))


def date_near(table: str, shape: Shape) -> str:
    """Return the year of the date that each row of a table has, at most one; raise Unclear without any, or several."""
    dates = [column.label for column in shape.columns if column.kind == "date"]
    reached = [label for label in dates if upwards(shape, table, table_of(label))]
    if not reached:
        raise Unclear
    return f"{YEAR}{nearest([table], reached, shape)}"
