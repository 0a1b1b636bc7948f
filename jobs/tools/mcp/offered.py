"""One tool as a server describes it: what a person sees of it, whether it can be used here, and its identity."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.retrieval.formats.seen import visible
from jobs.tools.service.adding import MOST_PARAMETERS, NAME
from jobs.tools.service.openapi.pointing import Unfit, followed, listed
from jobs.tools.service.openapi.saying import plain, question, words
from jobs.tools.service.openapi.typed import Typed, typed
from jobs.tools.service.values import Parameter
from storage.records import Json

LONGEST = 1_000
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Offered:
    """A tool of a server. `unfit` says why it can't be used, empty where it can; `left_out` are optional values.

    `description` is all that a person and a model read of the server's words, up to 1,000 bytes; longer is unfit.

    `reads` is what the server says of itself. `sha256` covers everything that it says, seen or not.
    """

    name: str
    description: str
    parameters: Sequence[Parameter]
    left_out: Sequence[str]
    question: str
    reads: bool
    sha256: str
    unfit: str = ""


def offered(told: Json) -> Offered:
    """Return a tool from the server's words (name, description, inputSchema, annotations), which nobody here wrote."""
    pinned = [told.get(part) for part in ("name", "description", "inputSchema", "annotations")]
    sha256 = hashlib.sha256(json.dumps(pinned, sort_keys=True).encode()).hexdigest()
    name = str(told.get("name"))
    about = plain(told.get("description"), LONGEST) or words(name)
    reads = (told.get("annotations") or {}).get("readOnlyHint") is True
    try:
        _refuse_hidden(told)
        needed, left_out = _values(told.get("inputSchema") or {})
    except Unfit as reason:
        return Offered(name, about, (), (), "", reads, sha256, str(reason))
    asked = question(about, [(one, found.example) for one, found in needed])
    return Offered(name, about, [one for one, _ in needed], left_out, asked, reads, sha256)


def _refuse_hidden(told: Json) -> None:
    hidden = Counter[str]()
    visible(
        json.dumps([told.get("name"), told.get("description"), told.get("inputSchema")], ensure_ascii=False), hidden
    )
    # In JSON a control character is written out, so it is looked for in the texts themselves.
    bare = f"{told.get('name')}{told.get('description') or ''}"
    if hidden or not bare.replace("\n", "").replace("\t", "").replace("\r", "").isprintable():
        raise Unfit("Its description holds what a reader would not see, so it is not used.")
    if not str(told.get("name")).isascii():
        raise Unfit("Its name holds letters that may look like others, so it is not used.")
    description = str(told.get("description") or "")
    if len(description.encode(errors="replace")) > LONGEST or len(str(told.get("name"))) > _LONGEST_NAME:
        raise Unfit(f"Its description is longer than {LONGEST:,} letters, or its name longer than {_LONGEST_NAME}.")


def _values(schema: Json) -> tuple[list[tuple[Parameter, Typed]], list[str]]:
    parts = followed(schema, schema.get("properties"))
    if any(word in schema for word in ("allOf", "anyOf", "oneOf")):
        raise Unfit("What it wants is no flat list of values.")
    names = list(dict.fromkeys(one for one in listed(schema.get("required")) if isinstance(one, str)))
    if len(names) > MOST_PARAMETERS:
        raise Unfit(f"It needs {len(names)} values; {MOST_PARAMETERS} is the most that a question is searched for.")
    needed = [_value(schema, parts, name) for name in names]
    return needed, [plain(name, 40) for name in parts if name not in names]


def _value(schema: Json, parts: Json, name: str) -> tuple[Parameter, Typed]:
    if name not in parts or not NAME.fullmatch(name):
        raise Unfit(f"The value {plain(name, 40)} that it needs can't be used.")
    found = typed(schema, parts[name], name)
    return Parameter(name, found.kind, found.description or words(name), found.choices), found
