"""The address of a service with {parameters} in path and query, and the address that filled-in values make of it."""

import re
from urllib.parse import quote

from jobs.fetching.rules import PORTS, FetchFault, Rules, Target, checked, place_of
from jobs.tools.tool import Arguments, ToolFault
from storage.errors import UserFault

_HOLE = re.compile(r"\{([^{}]*)\}")
_BEFORE_PATH = re.compile(r"[a-z]+://[^/?#]*", re.IGNORECASE)
KINDS = frozenset(
    {
        "", "application/json", "application/problem+json", "application/ld+json", "application/geo+json",
        "application/hal+json", "application/vnd.api+json", "application/xml", "text/xml", "text/plain", "text/csv",
    }
)  # fmt: skip


def holes(template: str) -> list[str]:
    """Return the names of the parameters that stand in the address, in order."""
    return list(dict.fromkeys(_HOLE.findall(template)))


def host_checked(template: str, *, inner: bool) -> Target:
    """Return host and port of the address; raise UserFault where a parameter stands in them, or FetchFault.

    `inner`: the person allowed this very host although it lies on this computer or in an inner network.
    """
    before = _BEFORE_PATH.match(template)
    if before and ("{" in before[0] or "}" in before[0]):
        raise UserFault("A parameter stands in the name of the host.", "Put parameters behind the first / only.")
    filled = _HOLE.sub("x", template)
    if "{" in filled or "}" in filled:
        raise UserFault("A { or } of the address has no other half.", "Write a parameter as {name}.")
    within = Rules(KINDS, inner=frozenset({place_of(filled)}))
    if inner:
        return checked(filled, within)
    try:
        return checked(filled, Rules(KINDS))
    except FetchFault as error:
        checked(filled, within)  # what is wrong with it in any case is told as it is
        allow = "If it lies on this computer or in your own network, allow that."
        raise FetchFault(str(error), f"{allow} Else: {error.next_step}") from None


def rules_for(host: str, port: int, *, inner: bool) -> Rules:
    """Return the rules under which one service is asked: nobody else, and no redirect."""
    allowed = frozenset({(host, port)}) if inner else frozenset[tuple[str, int]]()
    return Rules(KINDS, hosts=frozenset({host}), inner=allowed)


def filled(template: str, arguments: Arguments) -> str:
    """Return the address with the values in it; raise ToolFault for one that would lead to another path."""

    def value(hole: re.Match[str]) -> str:
        text = str(arguments.get(hole[1], ""))
        if text.strip() in {".", ".."}:
            raise ToolFault(f"{hole[1]!r} can't be {text!r}.")
        return quote(text, safe="")

    return _HOLE.sub(value, template)


def where(target: Target) -> str:
    """Return the host of a service as it is shown, with its port where that is no usual one."""
    return target.host if target.port == PORTS[target.scheme] else f"{target.host}:{target.port}"
