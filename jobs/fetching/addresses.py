"""Which addresses may be connected to: public ones, and inner ones only where a person allowed the very host."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import psutil

Address = IPv4Address | IPv6Address
# A name and a port to the addresses that the name has just now, as text; raises OSError.
Resolve = Callable[[str, int], Sequence[str]]

_FAMILIES = {socket.AF_INET, socket.AF_INET6}
# `is_global` holds for several of these in one version of Python or another, so they are named.
_NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        ),
    )
)  # fmt: skip
# Where clouds tell a computer its own secrets, and what no service of a person listens on.
_NEVER = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "100.100.100.200/32", "168.63.129.16/32",
            "192.0.0.192/32", "::/128", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::254/128",
        ),
    )
)  # fmt: skip
_PUBLIC_V6 = IPv6Network("2000::/3")
# The last four bytes of these are an IPv4 address, to which a connection goes in the end.
_HOLDS_V4 = (IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0/96"), IPv6Network("::ffff:0:0:0/96"))


def resolve(host: str, port: int) -> Sequence[str]:
    """Ask this computer's resolver for the addresses of a name; raise OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(text: str) -> bool:
    """Whether an address belongs to the internet and not to this computer, a network inside of it, or a cloud."""
    address = _unwrapped(text)
    if address is None or _within(address, _NEVER) or _within(address, _NOT_PUBLIC) or not address.is_global:
        return False
    return (isinstance(address, IPv4Address) or address in _PUBLIC_V6) and address not in _own()


def may_be_allowed(text: str) -> bool:
    """Whether a person may allow a host of this address: any but those that only a cloud or a router speaks on."""
    address = _unwrapped(text)
    return address is not None and not _within(address, _NEVER)


def _unwrapped(text: str) -> Address | None:
    """Return what is connected to in the end; None for an address bound to one network card, or none at all."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    if address.scope_id:
        return None
    holds = any(address in network for network in _HOLDS_V4)
    return IPv4Address(int(address) & 0xFFFFFFFF) if holds else address


def _within(address: Address, networks: Sequence[object]) -> bool:
    return any(address in network for network in networks)  # pyright: ignore[reportOperatorIssue]


def _own() -> set[Address]:
    """The addresses of this computer: a public one leads back to what listens here."""
    cards = (card for cards in psutil.net_if_addrs().values() for card in cards if card.family in _FAMILIES)
    return {ip_address(card.address.partition("%")[0]) for card in cards}
