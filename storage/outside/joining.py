"""How tables hang together: the shortest way over links from one table to another."""

from collections import deque
from typing import NamedTuple

from storage.outside.shape import Link, Shape


class Edge(NamedTuple):
    """One link on the way. `up`: from a row to the one that it belongs to, which never makes rows more."""

    link: Link
    up: bool

    @property
    def reached(self) -> str:
        """The table at its end."""
        return self.link.to_table if self.up else self.link.table


def way(shape: Shape, start: str, end: str) -> list[Edge] | None:
    """Return the shortest way, ways upwards first among equals; [] where they are the same, None without any."""
    if start == end:
        return []
    seen, open_ways = {start}, deque[tuple[str, list[Edge]]]([(start, [])])
    while open_ways:
        at, edges = open_ways.popleft()
        for edge in _edges(shape, at):
            if edge.reached == end:
                return [*edges, edge]
            if edge.reached not in seen:
                seen.add(edge.reached)
                open_ways.append((edge.reached, [*edges, edge]))
    return None


def _edges(shape: Shape, table: str) -> list[Edge]:
    up = [Edge(link, True) for link in shape.links if link.table == table]
    return [*up, *(Edge(link, False) for link in shape.links if link.to_table == table)]


def upwards(shape: Shape, start: str, end: str) -> bool:
    """Whether each row of `start` belongs to at most one of `end`."""
    edges = way(shape, start, end)
    return edges is not None and all(edge.up for edge in edges)
