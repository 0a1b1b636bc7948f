"""The studio served in a thread of the test, with a model that speaks slowly and says what the test wants."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from jobs.answering.approving import PATIENCE_S
from jobs.answering.compare import Comparing
from jobs.models.door import Chat, Chunk
from jobs.queue import Queue
from storage.errors import ModelUnavailable
from storage.workspace import Workspace
from studio.app import build_app
from studio.bench import Bench
from studio.pages import build_pages
from tests.fakes import ScriptedModel


class SlowModel(ScriptedModel):
    """Says each word after a pause, so that a test can look in mid-answer.

    Where a word holds `waits_at`, it waits for `go_on`: however slow the machine, the answer is still being written.
    Where one holds `gone_at`, the model server is gone.
    """

    def __init__(self, replies: Callable[[Chat], str], pause_s: float) -> None:
        super().__init__(replies)
        self._pause_s = pause_s
        self.waits_at = self.gone_at = ""
        self.go_on = threading.Event()

    def chat(self, chat: Chat) -> Iterator[Chunk]:
        for chunk in super().chat(chat):
            time.sleep(self._pause_s)
            if self.waits_at and self.waits_at in chunk.text:
                self.go_on.wait(60)
            if self.gone_at and self.gone_at in chunk.text:
                raise ModelUnavailable("The model server does not answer.")
            yield chunk


@dataclass(frozen=True)
class Studio:
    """A served studio: its address and what stands behind it."""

    url: str
    bench: Bench


@contextmanager
def studio(
    workspace: Workspace, replies: Callable[[Chat], str], pause_s: float = 0.05, patience_s: float = PATIENCE_S
) -> Iterator[Studio]:
    """Serve the whole application of `workspace` until the block ends; a yes is waited for as long as `patience_s`."""
    door = SlowModel(replies, pause_s)
    comparing = Comparing(workspace, door, patience_s)
    bench = Bench(workspace, Queue(workspace.database, workspace.clock), door, comparing)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        served = _Served(bench, listener)
        served.start()
        try:
            yield Studio(f"http://127.0.0.1:{listener.getsockname()[1]}", bench)
        finally:
            served.stop()
            bench.comparing.wait(20)


class _Served(threading.Thread):
    def __init__(self, bench: Bench, listener: socket.socket) -> None:
        super().__init__(daemon=True)
        self._bench = bench
        self._listener = listener
        self._server: uvicorn.Server | None = None
        self._ready = threading.Event()

    def start(self) -> None:
        super().start()
        assert self._ready.wait(60), "the studio did not start"

    def run(self) -> None:
        asyncio.run(self._serve())

    def stop(self) -> None:
        assert self._server is not None
        self._server.should_exit = True
        self.join(20)

    async def _serve(self) -> None:
        app = build_app(self._bench, build_pages(self._bench))
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        self._ready.set()
        await self._server.serve(sockets=[self._listener])
