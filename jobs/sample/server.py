"""The order service as a process: one a home, found through run/orders.json, gone when the sample is closed."""

import asyncio
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from time import time

import uvicorn
from starlette.applications import Starlette

from jobs.sample.api import build_app
from jobs.sample.book import OrderBook
from storage.announcing import Announced, announcing, note_of
from storage.errors import Damaged, UserFault
from storage.locks import Locks

_HOST = "127.0.0.1"  # no setting: nothing outside this computer has any business with it
_LOOK_EVERY_S = 1.0


def serve(home: Path, book: Path) -> None:
    """Serve until a signal comes or the sample is closed; raise UserFault where one serves already or none is open."""
    home = home.expanduser()
    for name in ("run", "locks"):
        (home / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(home), socket.create_server((_HOST, 0)) as listening:
        # Else the second part of a reply waits for the first to be acknowledged; asyncio sees to it on its own sockets.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        orders, token = OrderBook(home, book, time), secrets.token_urlsafe(32)
        url = f"http://{_HOST}:{listening.getsockname()[1]}"
        with announcing(note_of(home, "orders"), Announced(url, token)):
            _Service(orders, token).run(listening)


class _Service:
    """Serves one order book as long as it is open."""

    def __init__(self, orders: OrderBook, token: str) -> None:
        self._orders = orders
        app = build_app(orders, token, lifespan=self._living)
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=3)
        )

    def run(self, listening: socket.socket) -> None:
        # uvicorn raises the signal once more after its shutdown; what follows there must still be done.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        self._uvicorn.run(sockets=[listening])

    @asynccontextmanager
    async def _living(self, _: Starlette) -> AsyncIterator[None]:
        looking = asyncio.create_task(self._look())
        yield
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking

    async def _look(self) -> None:
        """End when the sample is closed or opened anew: this book is not the one any more."""
        with suppress(Damaged):
            while await asyncio.to_thread(self._orders.still_open):
                await asyncio.sleep(_LOOK_EVERY_S)
        self._uvicorn.should_exit = True


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    lock = Locks(home / "locks").take("orders")
    if lock is None:
        raise UserFault("The order service of this workspace runs already.", "Use the one that runs, or stop it.")
    try:
        yield
    finally:
        lock.release()
