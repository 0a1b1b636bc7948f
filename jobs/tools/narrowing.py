"""What is left of a narrowed schema once calls were made: the values and calls that have not been used yet."""

from collections.abc import Iterable
from typing import Any

from jobs.tools.tool import Arguments
from storage.records import Json


def unused(schema: Json, used: Iterable[Arguments]) -> Json | None:
    """Return `schema` without the calls in `used`, or None where nothing is left to call.

    A closed list of calls loses those made, a single enum loses the values given; anything else is called once.
    """
    for arguments in used:
        if "anyOf" in schema:
            rest = [call for call in schema["anyOf"] if not admits(call, arguments)]
            schema = {"anyOf": rest}
        else:
            rest = _other_values(schema, arguments)
            schema = {**schema, "properties": {name: {"enum": rest} for name in schema["properties"]}}
        if not rest:
            return None
    return schema


def closed(schema: Json) -> bool:
    """Whether the schema lists every value that it admits: then nothing can be filled in that it does not name."""
    if "anyOf" in schema:
        return all(closed(call) for call in schema["anyOf"])
    properties: Json = schema.get("properties", {})
    return bool(properties) and all("enum" in wanted for wanted in properties.values())


def admits(schema: Json, arguments: Arguments) -> bool:
    """Whether these arguments, all of them and no others, are among those that the schema lists."""
    if "anyOf" in schema:
        return any(admits(call, arguments) for call in schema["anyOf"])
    properties: Json = schema["properties"]
    return (
        isinstance(arguments, dict)
        and properties.keys() == arguments.keys()
        and all(value in properties[name].get("enum", [value]) for name, value in arguments.items())
    )


def only_call(schema: Json) -> Arguments | None:
    """Return the one call that the schema admits; None where there are several, or where values are open."""
    calls: list[Json] = schema.get("anyOf", [schema])
    if len(calls) != 1 or not closed(calls[0]):
        return None
    listed: dict[str, list[Any]] = {name: wanted["enum"] for name, wanted in calls[0]["properties"].items()}
    return {name: values[0] for name, values in listed.items()} if all(len(v) == 1 for v in listed.values()) else None


def _other_values(schema: Json, arguments: Arguments) -> list[object]:
    properties = list(schema["properties"].items())
    if len(properties) != 1 or "enum" not in properties[0][1]:
        return []
    name, values = properties[0]
    return [value for value in values["enum"] if value != arguments.get(name)]
