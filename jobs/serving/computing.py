"""One thread computes: the process's first, for whoever asks.

The threads of a product (libgomp) wait for each other by spinning only while no more of them are there than processors.
Each further thread that computes brings helpers of its own; from then on all sleep after every one of a token's hundred
products, and a step takes nearly twice as long (assets/decisions/0022-writing-on-a-processor.md).
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from storage.errors import ModelUnavailable

Result = TypeVar("Result")


class Computing:
    """Carries out tasks in the thread that is in `run`; where none is, in that of whoever asks."""

    def __init__(self) -> None:
        self._tasks: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: int | None = None

    def run(self) -> None:
        """Carry out tasks until `end` is called; those that come too late are refused with ModelUnavailable."""
        with self._lock:
            self._thread = threading.get_ident()
        while (asked := self._tasks.get()) is not None:
            _carry_out(*asked)
        with self._lock:
            self._thread = None
            while not self._tasks.empty():
                if late := self._tasks.get():
                    late[1].set_exception(ModelUnavailable("The model server is ending."))

    def end(self) -> None:
        """Let `run` return once the tasks before this call are done."""
        self._tasks.put(None)

    def do(self, task: Callable[[], Result]) -> Result:
        """Return what the task returns, or raise what it raises."""
        with self._lock:
            elsewhere = self._thread not in {None, threading.get_ident()}
            if elsewhere:
                future: Future[Result] = Future()
                self._tasks.put((task, future))
        return future.result() if elsewhere else task()


def _carry_out(task: Callable[[], Any], future: "Future[Any]") -> None:
    try:
        future.set_result(task())
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever asked
        future.set_exception(error)


async def apart(task: Callable[..., Result], *given: object) -> Result:
    """Carry out what takes long in a thread that is gone afterwards, and with it the helpers it computed with."""
    executor = ThreadPoolExecutor(1, thread_name_prefix="apart")
    try:
        return await asyncio.get_running_loop().run_in_executor(executor, task, *given)
    finally:
        executor.shutdown(wait=False)


COMPUTING = Computing()
