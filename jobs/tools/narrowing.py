"""What is left of a narrowed schema once calls were made: the values and calls that have not been used yet."""

from collections.abc import Iterable

from jobs.tools.tool import Arguments
from storage.records import Json


def unused(schema: Json, used: Iterable[Arguments]) -> Json | None:
    """Return `schema` without the calls in `used`, or None where nothing is left to call.

    A closed list of calls loses those made, a single enum loses the values given; anything else is called once.
    """
    for arguments in used:
        if "anyOf" in schema:
            rest = [call for call in schema["anyOf"] if not _admits(call, arguments)]
            schema = {"anyOf": rest}
        else:
            rest = _other_values(schema, arguments)
            schema = {**schema, "properties": {name: {"enum": rest} for name in schema["properties"]}}
        if not rest:
            return None
    return schema


def _admits(schema: Json, arguments: Arguments) -> bool:
    properties: Json = schema["properties"]
    return properties.keys() == arguments.keys() and all(
        value in properties[name].get("enum", [value]) for name, value in arguments.items()
    )


def _other_values(schema: Json, arguments: Arguments) -> list[object]:
    properties = list(schema["properties"].items())
    if len(properties) != 1 or "enum" not in properties[0][1]:
        return []
    name, values = properties[0]
    return [value for value in values["enum"] if value != arguments.get(name)]
