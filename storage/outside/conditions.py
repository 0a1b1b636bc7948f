"""One condition of a question to a database: how text and numbers are compared, with the value bound, never written."""

from typing import Any

from sqlalchemy import ColumnElement, Float, Text, and_, cast, func, literal, or_

from storage.outside.connecting import OutsideFault
from storage.outside.query import Filter


def of_text(of: ColumnElement[Any], one: Filter) -> ColumnElement[bool]:
    """Return the condition on a column of text, in which case does not count; raise OutsideFault."""
    said = str(one.value if one.value is not None else "")
    if "\x00" in said:
        raise OutsideFault("No text holds a zero character.", "Write the value without it.")
    plain = cast(of, Text)
    lowered = func.lower(plain)
    match one.sign:
        case "is":
            return or_(plain == said, lowered == said.lower())
        case "is not":
            return and_(plain != said, lowered != said.lower())
        case "contains":
            return lowered.contains(said.lower(), autoescape=True)
        case _:
            raise OutsideFault(f"{one.of} holds text: it can't be {one.sign} something.", "Choose another condition.")


def of_number(of: ColumnElement[Any], one: Filter) -> ColumnElement[bool]:
    """Return the condition on an amount or a year; raise OutsideFault where no number is said."""
    try:
        value = literal(float(str(one.value).replace(",", "")), Float)
    except ValueError:
        raise OutsideFault(f"{one.of} holds numbers; {one.value!r} is none.", "Write a number.") from None
    ways = {
        "is": of == value,
        "is not": of != value,
        "above": of > value,
        "below": of < value,
        "at least": of >= value,
        "at most": of <= value,
    }
    if one.sign not in ways:
        raise OutsideFault(f"{one.of} holds numbers, which do not contain anything.", "Choose another condition.")
    return ways[one.sign]
