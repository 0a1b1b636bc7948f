"""What an operation needs to be asked: the values of its path, its query and its body that must be given."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from jobs.tools.service.adding import MOST_PARAMETERS, NAME
from jobs.tools.service.openapi.pointing import Unfit, followed, listed, true
from jobs.tools.service.openapi.saying import plain, words
from jobs.tools.service.openapi.typed import Typed, typed
from jobs.tools.service.values import Parameter
from storage.records import Json

Place = Literal["path", "query", "body"]
_STYLES = {"path": "simple", "query": "form"}


@dataclass(frozen=True, slots=True)
class Input:
    """One value: the parameter of the tool, how the service calls it, where it goes, and an example of it."""

    parameter: Parameter
    called: str
    place: Place
    example: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """The values that must be given, and the names of those that may be and are left out."""

    needed: list[Input]
    left_out: list[str]


def inputs(document: Json, path: Json, operation: Json, method: str) -> Inputs:
    """Return what one operation needs; raise Unfit with the reason where a tool can't give it."""
    needed: list[Input] = []
    left_out: list[str] = []
    for one in _parameters(document, path, operation):
        if one.get("in") == "path" or true(one.get("required")):
            needed.append(_parameter(document, one))
        else:
            left_out.append(plain(one.get("name"), 40))
    if method == "POST":
        body, rest = _body(document, operation)
        needed, left_out = needed + body, left_out + rest
    names = [one.parameter.name.casefold() for one in needed]
    if len(names) > MOST_PARAMETERS:
        raise Unfit(f"It needs {len(names)} values; {MOST_PARAMETERS} is the most that a question is searched for.")
    if len(set(names)) < len(names):
        raise Unfit("Two of its values have one name.")
    return Inputs(needed, [name for name in left_out if name])


def _parameters(document: Json, path: Json, operation: Json) -> Iterable[Json]:
    """Return all parameters; one of the operation stands in place of that of its path."""
    several = [followed(document, one) for part in (path, operation) for one in listed(part.get("parameters"))]
    return {(str(one.get("name")), str(one.get("in"))): one for one in several}.values()


def _parameter(document: Json, one: Json) -> Input:
    place, name = one.get("in"), one.get("name")
    if place == "header" or place == "cookie":
        raise Unfit(
            f"It needs {plain(name, 40) or 'a value'} beside its address (in a {place}), as only a secret goes."
        )
    if place != "path" and place != "query":
        raise Unfit("It does not say where one of its values goes.")
    if not isinstance(name, str) or "schema" not in one or one.get("style", _STYLES[place]) != _STYLES[place]:
        raise Unfit(f"It needs {plain(name, 40) or 'a value'} written in a way that is not known here.")
    named = followed(document, one.get("examples"))
    examples = [one.get("example"), *(followed(document, each).get("value") for each in named.values())]
    return _input(name, place, typed(document, one["schema"], name, examples), one.get("description"))


def _body(document: Json, operation: Json) -> tuple[list[Input], list[str]]:
    body = followed(document, operation.get("requestBody"))
    content = followed(document, body.get("content"))
    if not content:
        return [], []
    told = next((content[kind] for kind in content if kind.split(";")[0].strip().lower() == "application/json"), None)
    if told is None:
        wanted = plain(next(iter(content)), 60) or "nothing that has a name"
        raise Unfit(f"It wants a form or a file ({wanted}), where a tool sends a list of values (JSON).")
    schema = followed(document, followed(document, told).get("schema"))
    parts = followed(document, schema.get("properties"))
    if not parts or any(word in schema for word in ("allOf", "anyOf", "oneOf")):
        raise Unfit("What it wants to be sent is no flat list of values.")
    return list(_members(document, schema, parts)), [name for name in parts if name not in _needed(schema)]


def _members(document: Json, schema: Json, parts: Json) -> Iterator[Input]:
    for name in _needed(schema):
        if name not in parts:
            raise Unfit("It needs a value of which nothing is said.")
        if not NAME.fullmatch(name):
            raise Unfit(f"The name {plain(name, 40)} of a value that it needs can't be used.")
        yield _input(name, "body", typed(document, parts[name], name), None)


def _needed(schema: Json) -> list[str]:
    return list(dict.fromkeys(one for one in listed(schema.get("required")) if isinstance(one, str)))


def _input(name: str, place: Place, found: Typed, description: Any) -> Input:
    if not name.isprintable():
        raise Unfit("The name of a value that it needs can't be used.")
    safe = name if place == "body" else re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")
    if not NAME.fullmatch(safe):
        raise Unfit(f"The name {plain(name, 40)} of a value that it needs can't be used.")
    meaning = plain(description, 150) or found.description or words(safe)
    return Input(Parameter(safe, found.kind, meaning, found.choices), name, place, found.example)
