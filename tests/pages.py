"""A web server of the tests, a network on which it stands at public addresses, and a canary that counts who comes."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore

from jobs.fetching.fetch import Network

PUBLIC = "93.184.216.34"


@dataclass
class Heard:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Reply:
    """What a page says; `drip_s` is waited after each byte."""

    body: bytes | str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})
    drip_s: float = 0.0


Pages = Mapping[str, Reply | Callable[[Heard], Reply]]


class Site(httpcore.SyncBackend):
    """Pages at every address that is connected to; `connected` are the (address, port) that were asked for."""

    def __init__(self, names: Mapping[str, Sequence[str]], pages: Pages) -> None:
        self.names, self.pages = dict(names), dict(pages)
        self.heard: list[Heard] = []
        self.connected: list[tuple[str, int]] = []
        self.port = 0

    @property
    def network(self) -> Network:
        """The network on which these pages stand."""
        return Network(self.resolve, self)

    def resolve(self, host: str, _port: int) -> Sequence[str]:
        if host.replace(".", "").isdigit() or ":" in host:
            return [host]
        if host not in self.names:
            raise socket.gaierror("unknown")
        return self.names[host]

    def connect_tcp(self, host: str, port: int, *rest: Any, **options: Any) -> httpcore.NetworkStream:
        self.connected.append((host, port))
        return super().connect_tcp("127.0.0.1", self.port, *rest, **options)


@contextmanager
def site(names: Mapping[str, Sequence[str]], pages: Pages, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serve pages by their path on this computer, with `tls` encrypted."""
    made = Site(names, pages)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            made.heard.append(Heard(self.command, self.path, dict(self.headers.items()), body))
            found = made.pages.get(self.path.partition("?")[0], Reply("gone", 404))
            self._say(found(made.heard[-1]) if callable(found) else found)

        do_POST = do_GET

        def _say(self, reply: Reply) -> None:
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for piece in [body] if not reply.drip_s else [body[at : at + 1] for at in range(len(body))]:
                    self.wfile.write(piece)
                    if reply.drip_s and stopping.wait(reply.drip_s):
                        return
            except OSError:
                pass  # who asked has gone

        def log_message(self, format: str, *args: object) -> None:
            """Nothing of tests belongs into their output."""

    stopping = threading.Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_port
        server.socket = tls.wrap_socket(server.socket, server_side=True) if tls else server.socket
        server.handle_error = lambda *_: None  # who asks may hang up, and that is looked at there
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        serving.start()
        yield made
        stopping.set()
        server.shutdown()
        serving.join()


@contextmanager
def canary() -> Iterator[tuple[int, list[str]]]:
    """Listen on loopback, both kinds of address and one port; yield it and the addresses of all who connected."""
    came: list[str] = []
    four, six = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_INET6)
    port = four.getsockname()[1]
    six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    six.bind(("::1", port))
    six.listen()

    def count(listening: socket.socket) -> None:
        while True:
            try:
                connection, peer = listening.accept()
            except OSError:
                return
            came.append(str(peer[0]))
            connection.close()

    counting = [threading.Thread(target=count, args=(one,)) for one in (four, six)]
    for thread in counting:
        thread.start()
    yield port, came
    for listening in (four, six):
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
    for thread in counting:
        thread.join()
