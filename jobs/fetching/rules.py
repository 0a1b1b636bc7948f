"""What may be fetched: the rules, an address that was checked against them, and every refusal as a sentence."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

import httpx

from storage.errors import UserFault

Scheme = Literal["https", "http"]
PORTS: dict[str, int] = {"https": 443, "http": 80}
LONGEST_ADDRESS = 2_000
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)*{_LABEL}")
# 127.1, 0x7f000001 and 2130706433 are numbers to a resolver, and all of them are this computer.
_NUMERAL = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z")


class FetchFault(UserFault):
    """Something on another computer can't be fetched; the sentence says why and never holds a secret.

    `begun`: the other computer may have heard what was asked of it.
    """

    next_step = "Check the address and try again."

    def __init__(self, sentence: str, next_step: str | None = None, *, begun: bool = False) -> None:
        super().__init__(sentence, next_step)
        self.begun = begun


class NotReached(FetchFault):
    """Nobody answers at an address that may be asked."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be asked, and how much of an answer is taken.

    `kinds` are the content types taken; `hosts` the only names that may be asked, None for any public one; `inner` the
    (host, port) that a person allowed although they lie on this computer or in an inner network. `limit_s` counts from
    the first look for the host to the last byte.
    """

    kinds: frozenset[str]
    most_bytes: int = 1_000_000
    limit_s: float = 5.0
    redirects: int = 0
    schemes: frozenset[Scheme] = frozenset(("https",))
    hosts: frozenset[str] | None = None
    inner: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Target:
    """An address that the rules allow, in its parts; `target` is path and query as they are sent."""

    scheme: str
    host: str
    port: int
    target: bytes
    inner: bool

    @property
    def url(self) -> str:
        """The address as text, without the port where it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target.decode('ascii')}"


def checked(url: str, rules: Rules) -> Target:
    """Return the parts of an address; raise FetchFault with the rule that it breaks. Nothing is asked for this."""
    parsed = _parsed(url)
    host = _host(parsed)
    if parsed.scheme not in PORTS or not host:
        raise FetchFault(f"{_short(url)} is no address of a web page.", "Write it as https://host/page.")
    if parsed.userinfo:
        raise FetchFault("The address holds a user name or a password.", "Leave out what stands before the @.")
    port = parsed.port or PORTS[parsed.scheme]
    inner = (host, port) in rules.inner
    if not inner and port != PORTS[parsed.scheme]:
        raise FetchFault(f"Port {port} of {host} is not asked: pages lie on 80 and 443.", "Leave out the port.")
    if not inner and parsed.scheme not in rules.schemes:
        raise FetchFault(f"{host} would be asked without encryption.", "Write https in place of http.")
    if rules.hosts is not None and host not in rules.hosts:
        raise FetchFault(f"{host} is not among the hosts that may be asked.")
    return Target(parsed.scheme, host, port, parsed.raw_path, inner)


def place_of(url: str) -> tuple[str, int]:
    """Return host and port of an address, whatever the rules, so that a person can allow them; raise FetchFault."""
    parsed = _parsed(url)
    return _host(parsed), parsed.port or PORTS.get(parsed.scheme, 0)


def _parsed(url: str) -> httpx.URL:
    text = url.strip()
    if len(text) > LONGEST_ADDRESS:
        raise FetchFault(f"The address has {len(text):,} characters; {LONGEST_ADDRESS:,} is the most.")
    # Browsers take \ for /, others for a part of a name: what one checks another one may not ask.
    if "\\" in text or any(character.isspace() or not character.isprintable() for character in text):
        raise FetchFault(f"{_short(text)} is no address of a web page.", "Write it as https://host/page.")
    try:
        return httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        raise FetchFault(f"{_short(text)} is no address of a web page.", "Write it as https://host/page.") from None


def _host(parsed: httpx.URL) -> str:
    """Return the host in its one form, empty where it is none: a name, or an address written in full."""
    host = parsed.raw_host.decode("ascii").lower().removesuffix(".")
    try:
        return "" if "%" in host else str(ip_address(host))
    except ValueError:
        numeral = _NUMERAL.match(host.rpartition(".")[2])
        return host if _NAME.fullmatch(host) and not numeral else ""


def _short(url: str) -> str:
    """An address to show: without what may be a password, and not too long."""
    shown = url.strip().rpartition("@")[2]
    return repr(shown if len(shown) <= 100 else f"{shown[:100]}…")
