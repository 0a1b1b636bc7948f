"""Make a tool of a service: its address, its parameters, what it is for, and the secret header that it may need."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from jobs.tools.service import secret
from jobs.tools.service.address import holes, host_checked, where
from jobs.tools.service.asking import KIND, PREFIX, call_service
from jobs.tools.service.values import Kind, Parameter
from jobs.tools.tables import slug
from storage.errors import UserFault
from storage.records import Json, Permission, ToolRecord
from storage.workspace import Workspace

Method = Literal["GET", "POST"]
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.IGNORECASE)
MOST_PARAMETERS = 6
LONGEST = 300
MOST_CHOICES = 20
_CHOICES = re.compile(r"one of (.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Service:
    """What a person says of a service. `parameters` are lines of `name: kind, what it means`.

    Where only some values can be, the kind is `one of open|closed`.

    GET only reads; POST acts, with the parameters that do not stand in the address as JSON. `example` is a question
    that the service answers. `inner`: it lies on this computer or in an inner network, and may be asked all the same.
    `origin` says from which operation of which OpenAPI document it is; empty where a person described it.
    """

    name: str
    description: str
    address: str
    example: str
    parameters: str = ""
    method: Method = "GET"
    header: str = field(default="", repr=False)
    inner: bool = False
    origin: Json = field(default_factory=dict[str, Any])


def add_service(workspace: Workspace, service: Service) -> ToolRecord:
    """Keep a service as the tool `call_<name>`, replacing one of the same name; raise UserFault with a sentence.

    The secret header is kept apart; a replacement that brings none has none.
    """
    tool, address = f"{PREFIX}{slug(service.name)}", service.address.strip()
    target = host_checked(address, inner=service.inner)
    parameters = _parameters(service.parameters)
    _refuse_unfit(service, parameters)
    told = secret.parsed(service.header, target.host)
    config = {
        "name": _said(service.name, "The name"), "description": _said(service.description, "What it is for"),
        "address": address, "host": target.host, "port": target.port, "where": where(target),
        "method": service.method, "inner": service.inner, "example": _said(service.example, "The example"),
        "parameters": [kept(one) for one in parameters], "secret": told is not None,
        **({"origin": service.origin} if service.origin else {}),
    }  # fmt: skip
    before = next((one.permission for one in workspace.tools.list() if one.name == tool), Permission.AUTO)
    acts = service.method == "POST" and before is Permission.AUTO
    permission = Permission.ASK if acts else before
    record = ToolRecord(tool, KIND, permission, "", config)
    made = call_service(record, workspace)
    if made.narrow(service.example) is None:
        raise UserFault(
            "In the example question nothing stands that could be filled in, or no word that speaks for the service.",
            f"Ask something with a value for {', '.join(one.name for one in parameters) or 'it'}, such as a name or a "
            "number, in the words in which you ask.",
        )
    secret.keep(workspace, tool, told)
    return workspace.tools.keep(ToolRecord(tool, KIND, permission, made.schema_sha256, config))


def kept(one: Parameter) -> list[Any]:
    """Return a parameter as it is kept with its tool."""
    return [one.name, one.kind, one.description, *([[*one.choices]] if one.choices else [])]


def _said(text: str, what: str) -> str:
    plain = " ".join(text.split())
    if not plain or len(plain) > LONGEST or not plain.isprintable():
        raise UserFault(f"{what} is empty, or longer than {LONGEST} characters.", "Write one sentence.")
    return plain


def _parameters(text: str) -> list[Parameter]:
    found = [_parameter(line) for line in text.splitlines() if line.strip()]
    if len(found) > MOST_PARAMETERS or len({one.name for one in found}) < len(found):
        raise UserFault(f"There are more than {MOST_PARAMETERS} parameters, or two of one name.")
    return found


def _parameter(line: str) -> Parameter:
    name, colon, rest = line.partition(":")
    said, _, description = rest.partition(",")
    kinds: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
    said = " ".join(said.split())
    choices = _choices(said)
    kind = "text" if choices else kinds.get(said.casefold())
    if not colon or not NAME.fullmatch(name.strip()) or kind is None or not description.strip():
        raise UserFault(
            f"The line {line.strip()!r} can't be understood.",
            "Write name: kind, what it means. The kind is text, number, whole number or, of up to "
            f"{MOST_CHOICES}, one of open|closed: city: text, the name of a city",
        )
    return Parameter(name.strip(), kind, _said(description, f"What {name.strip()} means"), choices)


def _choices(said: str) -> list[str]:
    found = _CHOICES.fullmatch(said)
    choices = [one.strip() for one in found[1].split("|")] if found else []
    fit = all(one and one.isprintable() for one in choices) and len(choices) <= MOST_CHOICES
    return list(dict.fromkeys(choices)) if fit else []


def _refuse_unfit(service: Service, parameters: Sequence[Parameter]) -> None:
    inside, known = holes(service.address), {one.name for one in parameters}
    for name in inside:
        if name not in known:
            raise UserFault(f"{{{name}}} stands in the address and not among the parameters.", "Write a line for it.")
    if service.method == "GET" and (left := known - set(inside)):
        raise UserFault(f"{min(left)} does not stand in the address.", f"Put {{{min(left)}}} where it belongs.")
    if service.method == "POST" and not parameters:
        raise UserFault(
            "A service that acts needs a parameter.", "Say on what it acts, such as the number of an order."
        )
