"""Connections that go to addresses which were checked, whatever a name resolves to by then, and end in time."""

import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore

Left = Callable[[], float]


def until(limit_s: float) -> Left:
    """Return how many seconds are left of the limit from now on, each time it is asked; it raises ReadTimeout at 0."""
    end = time.monotonic() + limit_s

    def left() -> float:
        remaining = end - time.monotonic()
        if remaining <= 0:
            raise httpcore.ReadTimeout
        return remaining

    return left


class Pinned(httpcore.NetworkBackend):
    """Connects to one of `addresses` in place of the host of the request; a name is never looked up here."""

    def __init__(self, addresses: Sequence[str], left: Left, network: httpcore.NetworkBackend) -> None:
        self._addresses, self._left, self._network = addresses, left, network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers; each gets an equal share of the time that is left."""
        for waiting, address in zip(range(len(self._addresses), 0, -1), self._addresses, strict=True):
            try:
                made = self._network.connect_tcp(address, port, self._left() / waiting, local_address, socket_options)
                return _Timed(made, self._left)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if waiting == 1:
                    raise
        raise httpcore.ConnectError("no address")


class _Timed(httpcore.NetworkStream):
    """A stream on which no byte comes or goes once the time is over: a server that drips can't hold it open."""

    def __init__(self, stream: httpcore.NetworkStream, left: Left) -> None:
        self._stream, self._left = stream, left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, self._left()), self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
