"""One running job under its worker's eyes: its heartbeat, the requests to stop it, and the end of its process."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jobs.executors import Run
from jobs.executors.carrying import FULL, pause_for_space
from jobs.queue import Queue, Slot
from storage.locks import Lock
from storage.records import Job, JobState

log = logging.getLogger(__name__)

Why = Literal["cancelled", "worker stops", "hung", "claim lost", "lingers"]


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient a worker is, in seconds."""

    tick_s: float = 0.25
    beat_s: float = 10.0
    rescue_s: float = 5.0
    listen_s: float = 10.0  # how long a job may take to notice by itself that it was cancelled
    kill_s: float = 30.0  # how much longer until it is killed
    stop_s: float = 15.0  # how long a job may take when the worker stops
    linger_s: float = 15.0  # how long a process may go on after its row was settled
    hang_s: float = 1800.0  # how long a job may say nothing, unless its steps are long
    hang_steps: float = 20.0  # … and how many of its usual steps


@dataclass(slots=True)
class Ending:
    """How a run is being ended: asked at one time, killed at another, both on the monotonic clock."""

    why: Why
    stop_at: float
    kill_at: float
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job runs: in which slot of which home, and the locks it holds there."""

    home: Path
    slot: Slot
    locks: Sequence[Lock]


class Watched:
    """A claimed job from its start until its row is settled and its locks are given back."""

    def __init__(self, job: Job, run: Run, place: Place, timing: Timing) -> None:
        self.job = job
        self.place = place
        self._run = run
        self._timing = timing
        self._ending: Ending | None = None
        self._started_at = self._beaten_at = self._heard_at = time.monotonic()
        self._heard = job.progress_at

    def look(self, queue: Queue, *, worker_stops: bool) -> bool:
        """Look after the job once; False when it is over, its row settled and its locks free."""
        if not self._run.alive():
            self._settle(queue)
            for lock in self.place.locks:
                lock.release()
            return False
        if time.monotonic() - self._beaten_at >= self._timing.beat_s:
            queue.beat(self.job)
            self._beaten_at = time.monotonic()
        self._decide(queue.get(self.job.id), worker_stops=worker_stops)
        self._press()
        return True

    def out_of_touch(self, longest_s: float) -> None:
        """The database did not answer: before the lease ends, and another host may start the job, end it here."""
        if time.monotonic() - self._beaten_at >= longest_s:
            self._run.kill()

    def _decide(self, row: Job, *, worker_stops: bool) -> None:
        timing = self._timing
        if row.fence != self.job.fence:
            self._end("claim lost", 0, 0)
        elif row.state.final or row.state is JobState.QUEUED:
            self._end("lingers", timing.linger_s, timing.linger_s)
        elif worker_stops:
            self._end("worker stops", 0, timing.stop_s)
        elif row.state is JobState.CANCELLING:
            self._end("cancelled", timing.listen_s, timing.listen_s + timing.kill_s)
        elif self._hangs(row):
            self._end("hung", 0, timing.kill_s)

    def _end(self, why: Why, stop_after_s: float, kill_after_s: float) -> None:
        """Begin to end the run, or hasten an end that was begun."""
        now = time.monotonic()
        if self._ending is None:
            self._ending = Ending(why, now + stop_after_s, now + kill_after_s)
        elif self._ending.why != why:
            self._ending.why = why
            self._ending.stop_at = min(self._ending.stop_at, now + stop_after_s)
            self._ending.kill_at = min(self._ending.kill_at, now + kill_after_s)

    def _press(self) -> None:
        ending, now = self._ending, time.monotonic()
        if ending is None:
            return
        if now >= ending.kill_at:
            self._run.kill()
        elif now >= ending.stop_at and not ending.stopped:
            ending.stopped = True
            log.info("Job %s is asked to stop: %s.", self.job.id, ending.why)
            self._run.stop()

    def _hangs(self, row: Job) -> bool:
        """Whether it has said nothing for long, measured here and not between clocks that may be set."""
        if row.progress_at != self._heard:
            self._heard, self._heard_at = row.progress_at, time.monotonic()
        step_s = (self._heard_at - self._started_at) / row.step if row.step else 0.0
        return time.monotonic() - self._heard_at > max(self._timing.hang_s, self._timing.hang_steps * step_s)

    def _settle(self, queue: Queue) -> None:
        """Settle the row of a process that ended without doing so; one that did changes nothing here."""
        why = self._ending.why if self._ending is not None else None
        if queue.confirm_cancelled(self.job):
            return
        cause = "hung" if why == "hung" else self._run.cause()
        if why == "worker stops":
            queue.interrupt(self.job, "its worker was stopped")
        elif cause == "disk full":
            pause_for_space(queue, self.place.home)
            queue.interrupt(self.job, FULL)
        else:
            queue.died(self.job, cause)
