"""From what a question mentions to what it can ask of the database: one question as a rule, none where unclear."""

from collections.abc import Sequence
from dataclasses import replace

from jobs.tools.database.mentions import Mention
from jobs.tools.database.nearness import all_nearest, date_near, nearest, table_of, table_of_thing
from jobs.tools.database.said import Said, Unclear, sorted_out
from storage.outside.joining import upwards, way
from storage.outside.query import MOST_ROWS, Ask, Filter, names_in
from storage.outside.shape import Shape

_MOST_CONDITIONS = 2


def understood(mentioned: Sequence[Mention], shape: Shape) -> list[Ask]:
    """Return the questions that the mentions can mean; [] where nothing fits them all."""
    try:
        said = sorted_out(list(mentioned))
        return _with_conditions(_asked(said, shape), said, shape)
    except Unclear:
        return []


def _asked(said: Said, shape: Shape) -> Ask:
    ranked = said.does & {"most", "least"}
    if said.per is not None or ranked:
        return _grouped(
            said, shape, "lowest first" if "least" in ranked or "lowest first" in said.does else "highest first"
        )
    if said.does & {"sum", "average"}:
        table, label = _amount(said.things, shape)
        tables = [one for one in said.things if one.kind == "table"]
        if len(said.things) > 1 + len(tables):
            raise Unclear
        return Ask("average" if "average" in said.does else "sum", table, (label,))
    if "count" in said.does or ("different" in said.does and not _tables(said.things)):
        return _counted(said, shape)
    return _listed(said, shape)


def _tables(things: Sequence[Mention]) -> list[str]:
    return [one.names[0] for one in things if one.kind == "table"]


def _counted(said: Said, shape: Shape) -> Ask:
    if "different" in said.does:
        columns = [one for one in said.things if one.kind == "columns"]
        if len(columns) != 1:
            raise Unclear
        label = nearest(_tables(said.things), columns[0].names, shape)
        return Ask("different", table_of(label), (label,))
    if not said.things or said.things[0].kind != "table":
        raise Unclear
    _only_linked(said.things[1:], said)
    return Ask("number", said.things[0].names[0])


def _only_linked(rest: Sequence[Mention], said: Said) -> None:
    """What else is mentioned says only where a value stands ("on the playlist Grunge"); without one it is unclear."""
    of_values = {table_of(label) for value in said.values for label in value.names}
    if any(one.kind != "table" or one.names[0] not in of_values for one in rest):
        raise Unclear


def _grouped(said: Said, shape: Shape, order: str) -> Ask:
    things = [one for one in said.things if one != said.per]
    group = said.per or next((one for one in things if not _is_amount(one, shape)), None)
    if group is None:
        table, label = _amount(things, shape)
        return Ask("smallest" if order == "lowest first" else "largest", table, (label,))
    rest = [one for one in things if one is not group]
    if said.per is None and group.kind == "table" and _own_amount(rest, group.names[0], shape):
        return _first_rows(said, group.names[0], rest, shape, order)
    amounts = [one for one in rest if _is_amount(one, shape)]
    made = _worked_out(said, rest, amounts, shape)
    by = _group_by(group, made.table, shape)
    _only_labels([one for one in rest if one not in amounts and one.kind != "table"], by, shape)
    return replace(
        made,
        by=by,
        order="lowest first" if order == "lowest first" else "highest first",
        limit=said.limit or (1 if said.per is None else MOST_ROWS),
    )


def _worked_out(said: Said, rest: Sequence[Mention], amounts: Sequence[Mention], shape: Shape) -> Ask:
    if amounts:
        table, label = _amount(amounts, shape)
        return Ask("average" if "average" in said.does else "sum", table, (label,))
    tables = _tables(rest)
    if not tables:
        raise Unclear
    return Ask("number", tables[0])


def _group_by(group: Mention, table: str, shape: Shape) -> str:
    if group.kind == "year":
        return date_near(table, shape)
    if group.kind == "table":
        if not upwards(shape, table, group.names[0]):
            raise Unclear
        return group.names[0]
    return nearest([table], group.names, shape)


def _only_labels(columns: Sequence[Mention], by: str, shape: Shape) -> None:
    """Columns that are asked for beside the groups are shown anyway where they are the group's own names."""
    own = {one.label for one in shape.of(by, "text")} | {by}
    if any(not own & set(one.names) for one in columns):
        raise Unclear


def _own_amount(rest: Sequence[Mention], table: str, shape: Shape) -> bool:
    amounts = [one for one in rest if _is_amount(one, shape)]
    return bool(amounts) and any(table_of_thing(name, shape) == table for name in amounts[0].names)


def _first_rows(said: Said, table: str, rest: Sequence[Mention], shape: Shape, order: str) -> Ask:
    by = next(
        name
        for name in next(one for one in rest if _is_amount(one, shape)).names
        if table_of_thing(name, shape) == table
    )
    shown = [one for one in rest if one.kind == "columns" and by not in one.names]
    columns = tuple(nearest([table], one.names, shape) for one in shown[:3])
    ordered = "lowest first" if order == "lowest first" else "highest first"
    return Ask("rows", table, columns, order=ordered, order_by=by, limit=said.limit or 1)


def _listed(said: Said, shape: Shape) -> Ask:
    tables, columns = _tables(said.things), [one for one in said.things if one.kind == "columns"]
    if any(one.kind in {"measure", "year"} for one in said.things) or not said.things or len(columns) > 3:
        raise Unclear
    if not (said.values or said.compared or said.years or said.lacks or said.limit):
        raise Unclear  # nothing is asked of it
    table = tables[0] if tables else table_of(nearest([], columns[0].names, shape))
    _only_linked([one for one in said.things if one.kind == "table" and one.names[0] != table], said)
    shown = tuple(nearest([table], one.names, shape) for one in columns)
    ordered = next((one for one in ("highest first", "lowest first") if one in said.does), "")
    asked = Ask("rows", table, shown, limit=said.limit or MOST_ROWS)
    if ordered == "highest first":
        return replace(asked, order="highest first")
    return replace(asked, order="lowest first") if ordered else asked


def _is_amount(one: Mention, shape: Shape) -> bool:
    if one.kind == "measure":
        return True
    known = [shape.column(name) for name in one.names] if one.kind == "columns" else []
    return bool(known) and all(column is not None and column.kind == "number" for column in known)


def _amount(things: Sequence[Mention], shape: Shape) -> tuple[str, str]:
    """Return the table and the label of the one amount that is mentioned, maybe twice in different words."""
    amounts = [one for one in things if _is_amount(one, shape)]
    if len({one.names for one in amounts}) != 1:
        raise Unclear
    label = amounts[0].names[0] if amounts[0].kind == "measure" else nearest(_tables(things), amounts[0].names, shape)
    return table_of_thing(label, shape), label


def _with_conditions(ask: Ask, said: Said, shape: Shape) -> list[Ask]:
    """Return the question with its conditions: several where a value stands in several columns as near."""
    table = ask.table
    fixed = [Filter(_compared(one, table, shape), sign, value) for one, sign, value in said.compared]
    fixed += [Filter(date_near(table, shape), "is", year) for year in said.years]
    empty = [one for one in said.lacks if one.kind == "columns"]
    fixed += [Filter(nearest([table], one.names, shape), "is empty") for one in empty]
    lacking = _tables(said.lacks)
    if len(fixed) + len(said.values) > _MOST_CONDITIONS or len(lacking) > 1:
        raise Unclear
    asks = [replace(ask, filters=tuple(fixed), without=lacking[0] if lacking else "")]
    for value in said.values:
        near = all_nearest([table], _told_by(value, ask, shape), shape)
        asks = [replace(one, filters=(*one.filters, Filter(label, "is", value.said))) for one in asks for label in near]
    if any(_at_odds(one) for one in asks):
        raise Unclear
    return asks


def _at_odds(ask: Ask) -> bool:
    """Whether one column would have to be two things at once: "in Brazil and Canada" means either."""
    fixed = [one.of for one in ask.filters if one.sign == "is"]
    return len(fixed) != len(set(fixed))


def _compared(one: Mention, table: str, shape: Shape) -> str:
    label = one.names[0] if one.kind == "measure" else nearest([table], one.names, shape)
    if not upwards(shape, table, table_of_thing(label, shape)):
        raise Unclear  # "customers who spent more than 45": in all, or at once?
    return label


def _told_by(value: Mention, ask: Ask, shape: Shape) -> list[str]:
    """Return the columns that the value can stand for: who counts albums does not count those of one title."""
    own = names_in(shape, ask.table) if ask.find == "number" else []
    others = [label for label in value.names if label not in own and way(shape, ask.table, table_of(label)) is not None]
    return others or list(value.names)
