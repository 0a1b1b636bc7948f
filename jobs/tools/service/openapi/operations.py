"""The operations of an OpenAPI document: those that can be tools, and for each of the others why it can't."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jobs.tools.service.adding import LONGEST, Method
from jobs.tools.service.openapi.inputs import Input, inputs
from jobs.tools.service.openapi.locks import lock_of
from jobs.tools.service.openapi.pointing import Unfit, followed, listed, true
from jobs.tools.service.openapi.saying import plain, question, sentence, words
from jobs.tools.service.openapi.servers import server_of
from jobs.tools.tables import slug
from storage.errors import UserFault
from storage.records import Json

MOST_OPERATIONS = 200
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/{}-]*")
_HOLE = re.compile(r"\{([^{}]*)\}")
_LETTER = re.compile(r"[a-z0-9]", re.IGNORECASE | re.ASCII)
_LONGEST_NAME = 50


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked of a service. `id` names it within its document, `path` is as it stands there.

    `question` is a proposal; `left_out` are the names of values that may be given and are not. `lock` is the header in
    which the service wants a secret, as a person writes it, empty for none.
    """

    id: str
    name: str
    method: Method
    path: str
    description: str
    inputs: Sequence[Input]
    left_out: Sequence[str]
    question: str
    lock: str

    @property
    def lines(self) -> str:
        """The parameters as a person would write them."""
        return "\n".join(_line(one) for one in self.inputs)

    def address(self, server: str) -> str:
        """Return the address below a server, with {parameters}."""
        names = {one.called: one.parameter.name for one in self.inputs if one.place == "path"}
        path = _HOLE.sub(lambda hole: f"{{{names[hole[1]]}}}", self.path)
        query = [
            f"{quote(one.called, safe='')}={{{one.parameter.name}}}" for one in self.inputs if one.place == "query"
        ]
        return f"{server.strip().rstrip('/')}{path}" + (f"?{'&'.join(query)}" if query else "")


@dataclass(frozen=True, slots=True)
class Refused:
    """An operation that can't be a tool, as method and path, and the reason as a sentence."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Described:
    """What a document says of a service; `server` is empty where it does not say at which host it lies.

    `more` counts the operations beyond the first 200, which are not looked at.
    """

    title: str
    server: str
    usable: Sequence[Operation]
    refused: Sequence[Refused]
    more: int

    def operation(self, name: str) -> Operation:
        """Return a usable operation by its id; raise UserFault."""
        found = next((one for one in self.usable if one.id == name), None)
        if found is None:
            raise UserFault(f"The document has no operation {name!r} that can be used.", "Choose one of its list.")
        return found


def described(document: Json) -> Described:
    """Return the operations of a document that was read; raise UserFault where it has none."""
    title = plain(_dict(document.get("info")).get("title"), _LONGEST_NAME) or "A service"
    usable: list[Operation] = []
    refused: list[Refused] = []
    found = list(_all(document))
    for path, method, item, operation in found[:MOST_OPERATIONS]:
        try:
            made = _operation(document, (path, method), item, operation)
            if any(made.id == one.id or slug(made.name) == slug(one.name) for one in usable):
                raise Unfit("Another operation has the same name.")
            usable.append(made)
        except Unfit as unfit:
            label = "".join(sign for sign in f"{method.upper()} {path}" if sign.isprintable())
            refused.append(Refused(label[:200], str(unfit)))
    if not found:
        raise UserFault("The document describes nothing that could be asked.", "It needs paths, with GET or POST.")
    return Described(title, server_of(document), usable, refused, max(0, len(found) - MOST_OPERATIONS))


def _all(document: Json) -> Iterator[tuple[str, str, Json, Any]]:
    for path, item in _dict(document.get("paths")).items():
        try:
            whole = followed(document, item)
        except Unfit:
            continue  # where its methods would be is not in this document
        for method in _METHODS:
            if method in whole:
                yield str(path), method, whole, whole[method]


def _operation(document: Json, place: tuple[str, str], item: Json, operation: Any) -> Operation:
    path, method = place[0], place[1].upper()
    found = followed(document, operation)
    if method != "GET" and method != "POST":
        raise Unfit(f"It is asked in a way ({method}) in which no tool asks: a tool reads (GET) or acts (POST).")
    if true(found.get("deprecated")):
        raise Unfit("The service says that it is no longer to be used.")
    if listed(item.get("servers")) or listed(found.get("servers")):
        raise Unfit("It lies at another address than the rest of the service.")
    if not _PATH.fullmatch(path) or "{" in _HOLE.sub("", path) or "}" in _HOLE.sub("", path):
        raise Unfit("Its path is written in a way that is not known here.")
    need = inputs(document, item, found, method)
    _refuse_holes(path, need.needed)
    if method == "POST" and not need.needed:
        raise Unfit("It may change something and needs no value that says what.")
    name = _name(found, method, path)
    said = sentence(found.get("summary"), found.get("description"), name, limit=LONGEST - 5)
    asked = question(said, [(one.parameter, one.example) for one in need.needed])
    return Operation(
        plain(found.get("operationId"), 100) or f"{method} {path}", name, method, path, said, need.needed,
        need.left_out, asked, lock_of(document, found),
    )  # fmt: skip


def _refuse_holes(path: str, needed: Sequence[Input]) -> None:
    known = {one.called for one in needed if one.place == "path"}
    if known != set(_HOLE.findall(path)):
        raise Unfit("The values in its path and those that it describes are not the same.")


def _name(found: Json, method: str, path: str) -> str:
    for text in (words(plain(found.get("operationId"), 100)), plain(found.get("summary"), 100)):
        name = plain(text.replace(":", " "), _LONGEST_NAME).removesuffix(" …")
        if _LETTER.search(name):
            return name[:1].upper() + name[1:]
    return plain(f"{method.capitalize()} {words(path)}", _LONGEST_NAME).removesuffix(" …")


def _line(one: Input) -> str:
    parameter = one.parameter
    kind = f"one of {'|'.join(parameter.choices)}" if parameter.choices else parameter.kind
    return f"{parameter.name}: {kind}, {parameter.description}"


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
