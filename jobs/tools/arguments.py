"""Check arguments against a flat schema, in sentences; what a form gives as text becomes a number where it must."""

from typing import Any

from jobs.tools.tool import Arguments, ToolFault
from storage.records import Json


def checked_arguments(schema: Json, arguments: Arguments) -> Arguments:
    """Return `arguments` as the schema wants them, empty ones left out; raise ToolFault at the first fault."""
    properties: Json = schema["properties"]
    given = {name: value for name, value in arguments.items() if value is not None and str(value).strip()}
    for name in given:
        if name not in properties:
            raise ToolFault(f"There is no {name!r} here. There are: {', '.join(properties)}.")
    for name in schema.get("required", ()):
        if name not in given:
            raise ToolFault(f"{name!r} is missing.")
    return {name: _checked(name, value, properties[name]) for name, value in given.items()}


def _checked(name: str, value: Any, wanted: Json) -> Any:
    if "enum" in wanted:
        if value not in wanted["enum"]:
            raise ToolFault(f"{name!r} is one of {', '.join(map(str, wanted['enum']))}, not {value!r}.")
        return value
    if wanted.get("type") in {"integer", "number"}:
        return _number(name, value, whole=wanted["type"] == "integer")
    text = str(value)
    if len(text) > wanted.get("maxLength", len(text)):
        raise ToolFault(f"{name!r} has {len(text)} characters; {wanted['maxLength']} is the most.")
    return text


def _number(name: str, value: Any, *, whole: bool) -> float | int:
    try:
        number = float(value)
        if not whole:
            return number
        if number.is_integer():
            return int(number)
    except (TypeError, ValueError, OverflowError) as error:
        raise ToolFault(f"{name!r} is a number, not {value!r}.") from error
    raise ToolFault(f"{name!r} is a whole number, not {value!r}.")
