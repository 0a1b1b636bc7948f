"""Messages to a server over HTTP: each is one request under the rules, and nothing goes elsewhere.

Only `session` imports this module, as it loads the package.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
import httpx2
from mcp.client.streamable_http import streamable_http_client

from jobs.fetching.fetch import Asked, fetch
from jobs.fetching.rules import FetchFault
from jobs.tools.mcp.server import Server

_OURS = {"host", "content-length", "accept-encoding", "connection", "user-agent"}
_TOLD = {"content-type", "mcp-session-id"}
_NOT_ALLOWED = 405


class Guarded(httpx2.AsyncBaseTransport):
    """Sends what the package would send through the one door for everything that is fetched of others.

    `fault` is why that went wrong, in a sentence.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self.fault = ""

    @asynccontextmanager
    async def streams(self) -> AsyncGenerator[Any]:
        """Give the two streams through which a client speaks."""
        async with (
            httpx2.AsyncClient(transport=self, trust_env=False) as http,
            streamable_http_client(self._server.address, http_client=http) as made,
        ):
            yield made

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one message and return what came back."""
        if request.method == "GET":
            # The stream for messages of the server's own: nothing here would listen.
            return httpx2.Response(_NOT_ALLOWED)
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in _OURS]
        told = self._server.secret
        headers += [(told.name, told.value)] if told else []
        asked = Asked(str(request.url), request.method, tuple(headers), await request.aread())
        try:
            answer = await anyio.to_thread.run_sync(
                fetch, asked, self._server.rules, self._server.network, abandon_on_cancel=True
            )
        except FetchFault as fault:
            self.fault = str(fault)
            raise httpx2.ConnectError(str(fault)) from None
        kept = [(name, value) for name, value in answer.headers if name.lower() in _TOLD]
        return httpx2.Response(answer.status, headers=kept, content=answer.body)
