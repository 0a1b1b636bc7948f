"""Fetch one thing from another computer: its name is looked up once, every address checked, every redirect anew."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from http import HTTPStatus
from ipaddress import ip_address
from ssl import SSLContext

import httpcore
import httpx

from jobs.fetching.addresses import Resolve, is_public, may_be_allowed, resolve
from jobs.fetching.pinned import Left, Pinned, until
from jobs.fetching.rules import FetchFault, NotReached, Rules, Target, checked

_MOVED = {301, 302, 303, 307, 308}
_CONNECTING = (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.ProxyError)
_BROKEN = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError)
_AGENT = ("User-Agent", "triptych")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: GET, POST or DELETE of an address. `headers` may hold a secret; they go to the first host only."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back from `url`, the address after all redirects. `kind` is the content type in small letters."""

    url: str
    status: int
    kind: str
    charset: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Network:
    """How names are looked up and connections are made."""

    resolve: Resolve = resolve
    backend: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)
    trusted: SSLContext | None = None


def fetch(asked: Asked, rules: Rules, network: Network | None = None) -> Fetched:
    """Ask within the rules and return the answer, also one that tells of a fault (status 400 and above).

    Of such a one any content type is taken. Raises FetchFault in a sentence, NotReached where nobody answers.
    """
    network, left = network or Network(), until(rules.limit_s)
    target = checked(asked.url, rules)
    for more in range(rules.redirects if asked.method == "GET" else 0, -1, -1):
        answered = _ask(asked, target, rules, network, left)
        if isinstance(answered, Fetched):
            return answered
        if not more:
            break
        moved = checked(answered, rules)
        if target.scheme == "https" and moved.scheme != "https":
            raise FetchFault(f"{target.host} sends on to a page without encryption.")
        if (moved.scheme, moved.host, moved.port) != (target.scheme, target.host, target.port):
            asked = replace(asked, headers=())
        target = moved
    raise FetchFault(f"{target.host} sends on to one address too many.", begun=True)


def refuse_at_sight(url: str, rules: Rules) -> None:
    """Raise FetchFault for an address that breaks the rules, as far as that is seen without looking its host up."""
    target = checked(url, rules)
    with suppress(ValueError):
        ip_address(target.host)
        _addresses(target, Network(lambda host, _port: [host]))


def _ask(asked: Asked, target: Target, rules: Rules, network: Network, left: Left) -> Fetched | str:
    """Return the answer, or the address that it sends on to."""
    addresses = _addresses(target, network)
    try:
        backend = Pinned(addresses, left, network.backend)
        with httpcore.ConnectionPool(network.trusted or _trusted(), network_backend=backend) as pool:
            return _answered(asked, target, rules, pool)
    except _CONNECTING as error:
        raise _not_reached(target, error) from None
    except httpcore.TimeoutException:
        raise FetchFault(f"{target.host} took longer than {rules.limit_s:g} s.", begun=True) from None
    except _BROKEN:
        raise FetchFault(f"{target.host} gave no answer that can be read.", begun=True) from None


def _addresses(target: Target, network: Network) -> Sequence[str]:
    """Return where the host is; raise FetchFault unless every one of its addresses may be asked."""
    try:
        found = network.resolve(target.host, target.port)
    except (OSError, UnicodeError):
        found = ()
    if not found:
        raise NotReached(f"No computer called {target.host} was found.", "Check the address and the connection.")
    allowed = may_be_allowed if target.inner else is_public
    if not all(map(allowed, found)):
        raise FetchFault(
            f"{target.host} lies on this computer or in an inner network, so it is not asked.",
            "Choose an address of the internet.",
        )
    return found


def _answered(asked: Asked, target: Target, rules: Rules, pool: httpcore.ConnectionPool) -> Fetched | str:
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.target)
    # What is packed could unpack to anything.
    headers = [_AGENT, ("Accept-Encoding", "identity"), *asked.headers]
    with pool.stream(asked.method, url, headers=headers, content=asked.content or None) as response:
        told = httpx.Headers(response.headers)
        if response.status in _MOVED and (to := told.get("Location")):
            return _joined(target, to, rules)
        kind = told.get("Content-Type", "").partition(";")[0].strip().lower()
        if response.status < HTTPStatus.BAD_REQUEST and kind not in rules.kinds:
            raise FetchFault(f"{target.host} sends {kind or 'nothing that is named'}, which is not read.", begun=True)
        if told.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
            raise FetchFault(f"{target.host} sends its answer packed, which is not read.", begun=True)
        body = _body(response, target, rules)
    charset = httpx.Response(200, headers=told).charset_encoding or ""
    return Fetched(target.url, response.status, kind, charset, body, tuple(told.items()))


def _joined(target: Target, to: str, rules: Rules) -> str:
    try:
        return str(httpx.URL(target.url).join(to))
    except (httpx.InvalidURL, ValueError):
        raise FetchFault(f"{target.host} sends on to what is no address.", begun=True) from None


def _body(response: httpcore.Response, target: Target, rules: Rules) -> bytes:
    parts, length = list[bytes](), 0
    for part in response.iter_stream():
        length += len(part)
        if length > rules.most_bytes:
            most = f"{rules.most_bytes / 1e6:g} MB"
            raise FetchFault(f"What {target.host} sends is larger than {most}.", "Ask for less.", begun=True)
        parts.append(part)
    return b"".join(parts)


def _not_reached(target: Target, error: Exception) -> NotReached:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return NotReached(f"{target.host} can't prove that it is {target.host}: its certificate is not accepted.")
    return NotReached(f"{target.host} does not answer.", "Check the address and the connection.")


@cache
def _trusted() -> SSLContext:
    return httpx.create_ssl_context()
