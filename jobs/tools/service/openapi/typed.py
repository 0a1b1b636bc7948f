"""One value that an operation needs, from its JSON schema: of which kind it is, and an example of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jobs.tools.service.adding import MOST_CHOICES
from jobs.tools.service.openapi.pointing import Unfit, followed, listed
from jobs.tools.service.openapi.saying import plain
from jobs.tools.service.values import Kind
from storage.records import Json

_KINDS: dict[str, Kind] = {"string": "text", "number": "number", "integer": "whole number"}
_REFUSED = {
    "array": "a list", "object": "an object with parts of its own", "boolean": "a yes or no", "null": "nothing",
}  # fmt: skip
_LONGEST = 60
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_USUAL: dict[Kind, str] = {"text": "A-100", "number": "10", "whole number": "10"}


@dataclass(frozen=True, slots=True)
class Typed:
    """The kind of a value, the only texts it can be where these are few, a value to show, and what is said of it."""

    kind: Kind
    choices: Sequence[str]
    example: str
    description: str


def typed(document: Json, schema: Any, name: str, examples: Sequence[Any] = ()) -> Typed:
    """Return what a schema says of the value `name`; raise Unfit where a question can't hold such a value."""
    found = _single(document, followed(document, schema))
    kind = _kind(found, name)
    choices = _choices(found) if kind == "text" else ()
    said = [*examples, found.get("example"), *listed(found.get("examples")), found.get("default")]
    example = choices[0] if choices else next((text for one in said if (text := _shown(one, kind))), _USUAL[kind])
    return Typed(kind, choices, example, plain(found.get("description") or found.get("title"), 150))


def _single(document: Json, schema: Json) -> Json:
    """Return the one schema that is left of several where the others only allow for nothing."""
    for word in ("anyOf", "oneOf", "allOf"):
        several = [followed(document, one) for one in listed(schema.get(word))]
        left = [one for one in several if one.get("type") != "null"]
        if len(left) == 1:
            return {**left[0], **{key: value for key, value in schema.items() if key != word}}
    return schema


def _kind(schema: Json, name: str) -> Kind:
    said = schema.get("type")
    names = [one for one in (said if isinstance(said, list) else [said]) if one != "null"]
    word = names[0] if len(names) == 1 else None
    if isinstance(word, str) and word in _KINDS and schema.get("format") not in ("binary", "byte"):
        return _KINDS[word]
    what = _REFUSED.get(word, "of no kind that a question holds") if isinstance(word, str) else "of no single kind"
    raise Unfit(f"It needs {plain(name, 40) or 'a value'}, which is {what}.")


def _choices(schema: Json) -> Sequence[str]:
    said = listed(schema.get("enum")) or [schema.get("const")]
    texts = list(dict.fromkeys(one for one in said if isinstance(one, str)))
    fit = all(one.strip() == one and one.isprintable() and 0 < len(one) <= _LONGEST for one in texts)
    clear = fit and not any(sign in one for one in texts for sign in ",|")
    return texts if clear and len(texts) <= MOST_CHOICES and any(map(str.isalnum, "".join(texts))) else ()


def _shown(value: Any, kind: Kind) -> str:
    """Return an example as it may stand in a question, empty where it can't."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = plain(str(value), _LONGEST)
    if kind == "text":
        return text if not set('"“”„«»') & set(text) else ""
    return text if (_NUMBER if kind == "number" else _WHOLE).fullmatch(text) else ""
