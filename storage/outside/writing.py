"""The one statement that a question to a database becomes; every name is one that was ticked, every value is bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    FromClause,
    Select,
    TableClause,
    column,
    distinct,
    exists,
    extract,
    func,
    literal,
    or_,
    select,
    table,
)

from storage.outside.conditions import of_number, of_text
from storage.outside.connecting import OutsideFault
from storage.outside.joining import Edge, way
from storage.outside.query import MOST_ROWS, Ask, Filter, labels_for
from storage.outside.shape import YEAR, Measure, Shape


def statement(shape: Shape, ask: Ask) -> Select[Any]:
    """Return the statement for `ask`, every value a bound parameter; raise OutsideFault where it can't be worked out.

    It gives one row more than the limit where there are more.
    """
    return _Writing(shape, ask).statement()


@dataclass(frozen=True)
class _Writing:
    shape: Shape
    ask: Ask

    @cached_property
    def _tables(self) -> dict[str, TableClause]:
        readable = sorted(self.shape.readable())
        return {
            name: table(name, *(column(one) for of, one in readable if of == name))
            for name in {of for of, _ in readable}
        }

    def _column(self, of: str, name: str) -> ColumnElement[Any]:
        return self._tables[of].c[name]

    def _on(self, edge: Edge) -> ColumnElement[bool]:
        link = edge.link
        return self._column(link.table, link.column) == self._column(link.to_table, link.to_column)

    def _measured(self, measure: Measure) -> ColumnElement[Any]:
        made: ColumnElement[Any] = literal(1.0, Float)
        for factor in measure.factors:
            known = self.shape.column(factor.of)
            part = literal(float(factor.of), Float) if known is None else self._column(known.table, known.name)
            made = made * part if factor.sign == "*" else made / part
        return made

    def statement(self) -> Select[Any]:
        if self.ask.table not in self.shape.tables:
            raise OutsideFault(f"There is no table {self.ask.table!r} to ask for.", "Tick it on the Tools page first.")
        shown = [self._expression(label).label(label) for label in self._shown()]
        found = self._found()
        chosen: list[ColumnElement[Any]] = [*shown, *([] if found is None else [found.label(self._heading())])]
        if not chosen:
            raise OutsideFault("It is not said what to show.", "Choose a column.")
        made = select(*chosen).select_from(self._joined()).where(*self._conditions())
        if found is None:
            made = made.distinct()
        elif shown:
            made = made.group_by(*self._groups())
        return made.order_by(*self._order(shown, found)).limit(min(max(self.ask.limit, 1), MOST_ROWS) + 1)

    def _shown(self) -> list[str]:
        if self.ask.find == "rows":
            shown = [*(self.ask.columns or labels_for(self.shape, self.ask.table)), self.ask.order_by]
            return list(dict.fromkeys(label for label in shown if label))
        if self.ask.by in self.shape.tables:
            return labels_for(self.shape, self.ask.by)
        return [self.ask.by] if self.ask.by else []

    def _groups(self) -> list[ColumnElement[Any]]:
        shown = [self._expression(label) for label in self._shown()]
        keys = self.shape.keys.get(self.ask.by, ()) if self.ask.by in self.shape.tables else ()
        return [*shown, *(self._column(self.ask.by, key) for key in keys)]

    def _heading(self) -> str:
        what = self.ask.columns[0] if self.ask.columns else self.ask.table
        return {"number": f"number of {what}", "different": f"different {what}"}.get(
            self.ask.find, f"{self.ask.find} of {what}"
        )

    def _found(self) -> ColumnElement[Any] | None:
        """Return what is worked out, None where rows are shown."""
        if self.ask.find == "rows":
            return None
        if self.ask.find == "number" and not self.ask.columns:
            return func.count(distinct(self._key())) if self._multiplied else func.count()
        if not self.ask.columns:
            raise OutsideFault("It is not said of which column.", "Choose one.")
        of = self._expression(self.ask.columns[0])
        if self.ask.find in {"number", "different"}:
            return func.count(distinct(of) if self.ask.find == "different" else of)
        return self._amount(of)

    def _amount(self, of: ColumnElement[Any]) -> ColumnElement[Any]:
        column_of = self.shape.column(self.ask.columns[0])
        if self.ask.find in {"sum", "average"} and column_of is not None and column_of.kind != "number":
            raise OutsideFault(f"{column_of.label} holds no numbers.", "Choose a column of numbers.")
        if self.ask.find in {"sum", "average"} and self._multiplied:
            raise OutsideFault("Some rows would count several times in it.", "Ask from the table that has the amounts.")
        how = {"sum": func.sum, "average": func.avg, "smallest": func.min, "largest": func.max}
        return how[self.ask.find](of)

    def _key(self) -> ColumnElement[Any]:
        keys = self.shape.keys.get(self.ask.table, ())
        if len(keys) != 1:
            raise OutsideFault(f"{self.ask.table} has no key of one column.", "Ask for another table.")
        return self._column(self.ask.table, keys[0])

    def _order(self, shown: Sequence[Any], found: Any) -> list[ColumnElement[Any]]:
        named = self._expression(self.ask.order_by) if self.ask.order_by else None
        first = named if named is not None else found if found is not None else shown[0]
        if not self.ask.order:
            return list(shown)
        turned = first.desc() if self.ask.order == "highest first" else first.asc()
        return [turned.nulls_last(), *shown]

    def _expression(self, label: str) -> ColumnElement[Any]:
        measure = self.shape.measure(label)
        if measure is not None:
            return self._measured(measure)
        known = self.shape.column(label.removeprefix(YEAR))
        if known is None or (label.startswith(YEAR) and known.kind != "date"):
            raise OutsideFault(f"There is no column {label!r} to ask for.", "Tick it on the Tools page first.")
        plain = self._column(known.table, known.name)
        return extract("year", plain) if label.startswith(YEAR) else plain

    def _conditions(self) -> list[ColumnElement[bool]]:
        made = [self._condition(one) for one in self.ask.filters]
        return [*made, self._nothing_in(self.ask.without)] if self.ask.without else made

    def _condition(self, one: Filter) -> ColumnElement[bool]:
        of, known = self._expression(one.of), self.shape.column(one.of)
        if one.sign in {"is empty", "is not empty"}:
            empty = of.is_(None)
            if known is not None and known.kind == "text":
                empty = or_(empty, of == literal(""))
            return empty if one.sign == "is empty" else ~empty
        if known is not None and known.kind == "text":
            return of_text(of, one)
        if known is not None and known.kind == "date":
            raise OutsideFault("Dates are compared by their year.", f"Choose {YEAR}{known.label}.")
        return of_number(of, one)

    def _nothing_in(self, other: str) -> ColumnElement[bool]:
        edges = self._way(other)
        if not edges:
            raise OutsideFault(f"{other} does not belong to {self.ask.table}.", "Choose another table.")
        inside = self._tables[edges[0].reached]
        for edge in edges[1:]:
            inside = inside.join(self._tables[edge.reached], self._on(edge))
        made = exists(
            select(literal(1)).select_from(inside).where(self._on(edges[0])).correlate(self._tables[self.ask.table])
        )
        return ~made

    @property
    def _edges(self) -> list[Edge]:
        """The links to every table that is needed, each once and in an order in which they can be joined."""
        needed = [*self._shown(), *self.ask.columns, *(one.of for one in self.ask.filters)]
        labels = [label for label in [*needed, self.ask.order_by] if label]
        edges = [edge for label in labels for edge in self._way(self._table_of(label))]
        first: dict[str, Edge] = {}
        for edge in edges:
            first.setdefault(edge.reached, edge)
        return list(first.values())

    @property
    def _multiplied(self) -> bool:
        return any(not edge.up for edge in self._edges)

    def _way(self, other: str) -> list[Edge]:
        edges = way(self.shape, self.ask.table, other)
        if edges is None:
            raise OutsideFault(f"Nothing links {self.ask.table} with {other}.", "Ask for one of them only.")
        return edges

    def _table_of(self, label: str) -> str:
        measure = self.shape.measure(label)
        known = self.shape.column(label.removeprefix(YEAR))
        if measure is None and known is None:
            raise OutsideFault(f"There is no column {label!r} to ask for.", "Tick it on the Tools page first.")
        return measure.table if measure is not None else known.table if known is not None else ""

    def _joined(self) -> FromClause:
        made: FromClause = self._tables[self.ask.table]
        for edge in self._edges:
            made = made.join(self._tables[edge.reached], self._on(edge))
        return made
