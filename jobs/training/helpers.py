"""The helpers of a training over several cards, as the training sees them: started, watched, and let go."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from jobs.training.exchange import Exchange, Meeting, Work
from jobs.training.orders import Orders
from jobs.training.preparing import Task

log = logging.getLogger(__name__)

_MODULE = "jobs.training.helping"
_SEEN_WITHIN_S = 10.0
_END_WITHIN_S = 10.0


class Helpers:
    """Processes that each take a share of every step, one on each card but the first, which the training has itself.

    They keep nothing, so they may be killed at any time. Where one ends unasked, the training ends with it, as if it
    had died itself: the queue's rule for that decides what becomes of the job.
    """

    def __init__(self, task: Task, cards: Sequence[str]) -> None:
        self._over = False
        self._exchange: Exchange | None = None
        task.scratch.mkdir(parents=True, exist_ok=True)
        self._meeting = Meeting(str(task.scratch / "meeting"), len(cards), 0)
        self._processes = [self._start(task, rank, card) for rank, card in enumerate(cards) if rank]
        for process in self._processes:
            threading.Thread(target=self._watch, args=(process,), daemon=True).start()

    def meet(self, model: Any) -> None:
        """Wait until all are ready; `model` is the one that learns, at its beginning."""
        with self._seeing():
            self._exchange = Exchange(model, self._meeting)

    def hand_out(self, work: Work) -> None:
        """Let every helper begin with its share of a step."""
        with self._seeing():
            self._met.hand_out(work)

    def collect(self) -> torch.Tensor:
        """Add what the helpers found to the gradients, and return the sum of their losses; raise OutOfDeviceMemory."""
        with self._seeing():
            return self._met.collect()

    def end(self) -> None:
        """Let them go: nothing more is wanted of them, so it does not matter how they end."""
        self._over = True
        try:
            self._met.end()
            self._met.close()
            for process in self._processes:
                process.wait(_END_WITHIN_S)
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            log.warning("A helper of the training did not end as it should: %s", error)
        self.kill()

    def kill(self) -> None:
        """End them at once, whatever they do."""
        self._over = True
        for process in self._processes:
            process.kill()
            process.wait()

    @property
    def _met(self) -> Exchange:
        assert self._exchange is not None
        return self._exchange

    def _start(self, task: Task, rank: int, card: str) -> "subprocess.Popen[bytes]":
        meeting = Meeting(self._meeting.file, self._meeting.size, rank)
        orders = Orders(task.plan, task.base.folder, task.rows.longest, task.scratch, meeting)
        seen = {"CUDA_VISIBLE_DEVICES": card} if task.plan.device == "cuda" else {}
        return subprocess.Popen(
            [sys.executable, "-m", _MODULE, str(os.getpid()), orders.text()],
            stdin=subprocess.DEVNULL,
            env={**os.environ, **seen},
            # The locks of the job and of its cards are inherited: they are free only when the helpers are gone, too.
            close_fds=False,
        )

    def _watch(self, process: "subprocess.Popen[bytes]") -> None:
        code = process.wait()
        if self._over:
            return
        log.error(
            "One of the %d processes of this training ended by itself (%d), so all of it ends here; "
            "its next attempt goes on from the last saved state.",
            self._meeting.size,
            code,
        )
        # The main thread may wait for that process within a library, where no exception reaches it.
        os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def _seeing(self) -> Iterator[None]:
        """Where a neighbour breaks off, leave the thread that watches it the time to see that it is gone."""
        try:
            yield
        except RuntimeError:
            time.sleep(_SEEN_WITHIN_S)
            raise


@contextmanager
def helpers(task: Task, cards: Sequence[str]) -> Iterator[Helpers | None]:
    """Start the helpers that the plan asks for, on these cards but the first, and end them; None for a plan of one."""
    if task.plan.cards == 1:
        yield None
        return
    others = Helpers(task, cards[: task.plan.cards])
    try:
        yield others
    except BaseException:
        others.kill()
        raise
    others.end()
