"""The flat form of a question to a database: its schema, and the question that filled-in fields ask."""

from typing import Any, get_args

from jobs.tools.tool import Arguments
from storage.outside.query import MOST_ROWS, Ask, Filter, Find, Sign
from storage.outside.shape import YEAR, Shape
from storage.records import Json

_LONGEST_VALUE = 200
# How a condition's three fields are called: what, how, and the value.
_CONDITIONS = (("where", "is", "value"), ("and_where", "and_is", "and_value"))
_COLUMNS = ("column", "second_column", "third_column")


def schema_of(shape: Shape) -> Json:
    """Return the schema: enums of what was ticked, and nothing that could hold a statement."""
    amounts = [*shape.labels, *(measure.name for measure in shape.measures)]
    years = [f"{YEAR}{column.label}" for column in shape.columns if column.kind == "date"]
    signs, tables = list(get_args(Sign)), list(shape.tables)
    properties: Json = {
        "find": {"enum": list(get_args(Find)), "description": "Rows as they are, or what is worked out of them"},
        "table": {"enum": tables, "description": "Whose rows are looked at"},
        "column": {"enum": amounts, "description": "What is shown, or of what it is worked out"},
        "second_column": {"enum": amounts, "description": "What else is shown"},
        "third_column": {"enum": amounts, "description": "What else is shown"},
        "by": {"enum": [*amounts, *years, *tables], "description": "Worked out for each of these on its own"},
        "without": {"enum": tables, "description": "Only what has no row in this table"},
        "order": {"enum": ["highest first", "lowest first"], "description": "In which order"},
        "order_by": {"enum": [*amounts, *years], "description": "By what; without it by what is worked out"},
        "limit": {"type": "integer", "description": f"How many rows at most, up to {MOST_ROWS}"},
    }
    for where, how, value in _CONDITIONS:
        properties[where] = {"enum": [*amounts, *years], "description": "Only rows in which this"}
        properties[how] = {"enum": signs, "description": "How it is compared"}
        properties[value] = {"type": "string", "maxLength": _LONGEST_VALUE, "description": "With what"}
    return {"type": "object", "properties": properties, "required": ["find", "table"], "additionalProperties": False}


def ask_of(arguments: Arguments) -> Ask:
    """Return the question that checked arguments ask."""
    given: dict[str, Any] = {
        name: arguments[name] for name in ("find", "table", "by", "without", "order", "order_by") if name in arguments
    }
    if "limit" in arguments:
        given["limit"] = int(arguments["limit"])
    filters = (
        Filter(arguments[where], arguments.get(how, "is"), arguments.get(value))
        for where, how, value in _CONDITIONS
        if where in arguments
    )
    columns = tuple(arguments[name] for name in _COLUMNS if name in arguments)
    return Ask(**given, columns=columns, filters=tuple(filters))


def arguments_of(ask: Ask) -> Arguments:
    """Return the fields that ask this; what is left at its default has none."""
    fields = ("find", "table", "by", "without", "order", "order_by")
    filled: Arguments = {name: value for name in fields if (value := getattr(ask, name))}
    filled |= dict(zip(_COLUMNS, ask.columns, strict=False))
    for (where, how, value), one in zip(_CONDITIONS, ask.filters, strict=False):
        filled |= {where: one.of, how: one.sign}
        if one.value is not None:
            filled[value] = str(one.value)
    return {**filled, "limit": ask.limit} if ask.limit != Ask("rows", "").limit else filled


def only(asks: list[Ask]) -> Json:
    """Return the schema that admits these questions and no other."""
    closed = [_closed(arguments_of(ask)) for ask in asks]
    return {"anyOf": closed} if len(closed) > 1 else closed[0]


def _closed(arguments: Arguments) -> Json:
    properties = {name: {"enum": [value]} for name, value in arguments.items()}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
