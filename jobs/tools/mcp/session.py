"""Speak with an MCP server: list what it offers, and call one tool of it.

Nobody imports this module as it is loaded: the package `mcp` takes most of a second. `calling` names it when it asks.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import anyio
import httpx2
from mcp import Client, MCPError

from jobs.tools.approving import UNKNOWN
from jobs.tools.mcp.access import Reached
from jobs.tools.mcp.guarded import Guarded
from jobs.tools.mcp.offered import Offered, offered
from jobs.tools.mcp.piped import Piped
from jobs.tools.mcp.server import Server
from jobs.tools.tool import Arguments, ToolFault

_MOST_PAGES = 5
_MOST_TOOLS = 200
_BROKEN = (
    TimeoutError, OSError, RuntimeError, ValueError, LookupError, MCPError, httpx2.HTTPError, ExceptionGroup,
    anyio.BrokenResourceError, anyio.ClosedResourceError,
)  # fmt: skip
# What it logs holds what servers said, and that may hold the secret they were asked with.
logging.getLogger("mcp").setLevel(logging.CRITICAL + 1)

_Said = TypeVar("_Said")


@dataclass(frozen=True, slots=True)
class Called:
    """What the server offers now, and what the tool said, None where it was not called."""

    offered: Sequence[Offered]
    text: str | None = None
    failed: bool = False


def listed(server: Reached) -> list[Offered]:
    """Return what a server offers; raise ToolFault in a sentence where it can't be understood."""
    return _spoken(server, _offers, [])


def call(server: Reached, name: str, arguments: Arguments, sha256: str) -> Called:
    """Call a tool, unless it is described otherwise than when it was ticked; raise ToolFault."""
    begun = list[str]()

    async def work(client: Client) -> Called:
        offers = await _offers(client)
        if [one.sha256 for one in offers if one.name == name] != [sha256]:
            return Called(offers)
        begun.append(name)
        result = await client.call_tool(name, arguments)
        parts = [part.text if part.type == "text" else f"[{part.type}: not shown]" for part in result.content]
        return Called(offers, "\n".join(parts), result.is_error)

    return _spoken(server, work, begun)


async def _offers(client: Client) -> list[Offered]:
    found, cursor = list[Offered](), None
    for _ in range(_MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        found += [offered(one.model_dump(by_alias=True, mode="json", exclude_none=True)) for one in page.tools]
        cursor = page.next_cursor
        if cursor is None:
            break
    return found[:_MOST_TOOLS]


def _spoken(server: Reached, work: Callable[[Client], Awaitable[_Said]], begun: Sequence[str]) -> _Said:
    """Return what a conversation yields; `begun` names the tool once it may have been called."""
    wire = Guarded(server) if isinstance(server, Server) else Piped(server)

    async def conversation() -> _Said:
        async with asyncio.timeout(server.limit_s), Client(wire.streams(), cache=None) as client:
            return await work(client)

    try:
        return asyncio.run(conversation())
    except _BROKEN:
        said = wire.fault or f"{server.name} does not speak as an MCP server does, or not in time."
        raise ToolFault(f"{said} {UNKNOWN}." if begun else said) from None
