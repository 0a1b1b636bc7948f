"""The model server's process: one a home, found through run/server.json, gone without a trace at its end."""

import asyncio
import logging
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress

import uvicorn
from fastapi import FastAPI

from jobs.models.endpoint import server_file
from jobs.serving.api import build_app
from jobs.serving.computing import COMPUTING
from jobs.serving.holding import Holder
from jobs.serving.presence import Presence
from storage.announcing import Announced, announcing
from storage.errors import NotAllowed, OurFault, UserFault
from storage.locks import Lock, Locks
from storage.settings import Settings

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}

_logger = logging.getLogger(__name__)


class Server:
    """One model server, from the lock of its home to the last answer."""

    def __init__(self, settings: Settings, host: str, port: int) -> None:
        """Raise NotAllowed where others could reach a server whose token they cannot know."""
        if host not in _LOOPBACK and settings.model_token is None:
            raise NotAllowed(
                f"The model server listens on {host} only with a token.",
                "Set TRIPTYCH_MODEL_TOKEN here and for everybody who may use it.",
            )
        home = settings.home.expanduser()
        for name in ("run", "locks", "adapters"):
            (home / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        self._locks = Locks(home / "locks")
        self._file = server_file(home)
        self._token = settings.model_token.get_secret_value() if settings.model_token else secrets.token_urlsafe(32)
        self._address = (host, port)
        self._holder = Holder(settings, self._locks)
        self._presence = Presence(home / "run" / "asking")
        self._uvicorn: uvicorn.Server | None = None

    def run(self) -> None:
        """Serve until a signal comes; raise UserFault where one runs already, OurFault where the engine died."""
        with self._alone(), self._listening() as listening, self._announced(listening):
            app = build_app(self._holder, self._presence, self._token)
            app.router.lifespan_context = self._living
            config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=3)
            self._uvicorn = uvicorn.Server(config)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, self._uvicorn.handle_exit)
            # This thread is the one that computes.
            with ThreadPoolExecutor(1, thread_name_prefix="http") as pool:
                serving = pool.submit(self._serve, self._uvicorn, listening)
                COMPUTING.run()
                serving.result()
        if self._holder.phase == "failed":
            raise OurFault("The model server had to stop.")

    def _serve(self, server: uvicorn.Server, listening: socket.socket) -> None:
        try:
            server.run(sockets=[listening])
        finally:
            COMPUTING.end()

    @contextmanager
    def _alone(self) -> Iterator[Lock]:
        lock = self._locks.take("server")
        if lock is None:
            raise UserFault("The model server of this workspace runs already.", "Use the one that runs, or stop it.")
        try:
            yield lock
        finally:
            lock.release()

    @contextmanager
    def _listening(self) -> Iterator[socket.socket]:
        """Listen from now on: whoever connects before the server is ready waits instead of being refused."""
        family = socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Inherited by each connection. Else the second part of a reply waits 40 ms until the first is acknowledged;
            # asyncio sees to it only where it made the socket itself.
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                listening.bind(self._address)
            except OSError as error:
                raise UserFault(
                    f"Port {self._address[1]} can't be used: {error.strerror}.", "Choose another."
                ) from error
            listening.listen(128)
            yield listening

    def _announced(self, listening: socket.socket) -> AbstractContextManager[None]:
        host, port = listening.getsockname()[:2]
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        return announcing(self._file, Announced(url, self._token))

    @asynccontextmanager
    async def _living(self, _: FastAPI) -> AsyncIterator[None]:
        self._holder.start()
        tasks = [asyncio.create_task(self._presence.keep_fresh()), asyncio.create_task(self._look_after())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
            await asyncio.to_thread(self._holder.close)

    async def _look_after(self) -> None:
        """Look once a second; a server whose engine died ends, so that it is started anew."""
        while True:
            await asyncio.sleep(1)
            try:
                self._holder.look_after()
            except OurFault:
                _logger.critical("the engine has stopped; the server ends")
                if self._uvicorn is not None:
                    self._uvicorn.should_exit = True
                return
