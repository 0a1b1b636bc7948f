"""References within one document: followed a few steps, never out of it, never in a circle."""

from typing import Any
from urllib.parse import unquote

from storage.records import Json

_MOST_STEPS = 8


class Unfit(Exception):
    """Why an operation can't be a tool: a sentence for the person who would like to have it."""


def followed(document: Json, value: Any) -> Json:
    """Return the dict that a value is or points at, empty for anything else; raise Unfit where it points wrongly."""
    for _ in range(_MOST_STEPS):
        if not isinstance(value, dict):
            return {}
        if "$ref" not in value:
            return value
        value = _at(document, value["$ref"])
    raise Unfit("Its description points in a circle.")


def _at(document: Json, pointer: Any) -> Any:
    if not isinstance(pointer, str) or not pointer.startswith("#/"):
        raise Unfit("Its description points out of the document, and nothing is fetched for it.")
    found: Any = document
    for part in pointer[2:].split("/"):
        name = unquote(part).replace("~1", "/").replace("~0", "~")
        found = found.get(name) if isinstance(found, dict) else None
    if found is None:
        raise Unfit("Its description points at something that the document does not hold.")
    return found


def true(value: Any) -> bool:
    """Return whether a switch is on: YAML is read as texts."""
    return value is True or (isinstance(value, str) and value.casefold() == "true")


def listed(value: Any) -> list[Any]:
    """Return a list as it is, and nothing for anything else."""
    return value if isinstance(value, list) else []
