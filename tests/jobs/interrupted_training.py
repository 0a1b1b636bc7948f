"""What tests of interrupted trainings share: attempts that are cut off at a chosen moment, and what came of them."""

import math
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from jobs.context import JobContext, Made
from jobs.queue import Queue
from jobs.requests import Train
from jobs.training import looking, preparing, samples
from jobs.training.hardware import Hardware
from jobs.training.keeping import Rhythm
from jobs.training.sft import train
from storage.records import Job, Json
from storage.run_records import Checkpoint
from storage.workspace import Workspace
from tests.claimed import claimed_again, claimed_context

ALWAYS = Rhythm(often_s=0, worth_s=0, most_share=math.inf)
AT_TURNS = Rhythm(often_s=math.inf, worth_s=0, most_share=math.inf)
NEVER = Rhythm(often_s=math.inf, worth_s=math.inf)


class Killed(BaseException):
    """The process is gone: nothing after this was done."""


class Meddling(JobContext):
    """A context in which `happens` is asked before and after everything the training tells."""

    happens: Callable[[str], object] = staticmethod(lambda _moment: None)
    reached = 0  # the step told last

    def stop(self) -> None:
        """Let the worker stop."""
        self._stopping.set()

    def report(self, *told: Any, **named: Any) -> None:
        self._around("report", lambda: super(Meddling, self).report(*told, **named))
        self.reached = self._progress.step or 0

    def record(self, kind: str, step: int, body: Json) -> None:
        self._around(f"{kind} {step}", lambda: super(Meddling, self).record(kind, step, body))

    def check(self, *, fresh: bool = False) -> None:
        self._around("check", lambda: super(Meddling, self).check(fresh=fresh))

    def keep_checkpoint(self, *told: Any) -> None:
        self._around("keep", lambda: super(Meddling, self).keep_checkpoint(*told))

    def drop_checkpoint(self, checkpoint: Checkpoint) -> None:
        self._around("drop", lambda: super(Meddling, self).drop_checkpoint(checkpoint))

    def _around(self, moment: str, does: Callable[[], None]) -> None:
        self.happens(f"before {moment}")
        does()
        self.happens(f"after {moment}")


def begin(workspace: Workspace, request: Train) -> Meddling:
    """Claim a new job for the request."""
    return meddling(claimed_context(workspace, request))


def again(context: JobContext, request: Train) -> Meddling:
    """Put the job back in line as after a lost worker, and claim it for its next attempt."""
    queue = Queue(context.workspace.database, context.workspace.clock)
    queue.interrupt(context.job, "its worker was gone")
    return meddling(claimed_again(context.workspace, queue.get(context.job.id), request))


def meddling(context: JobContext) -> Meddling:
    """The same claim in which something may happen."""
    queue = Queue(context.workspace.database, context.workspace.clock)
    return Meddling(context.workspace, queue, context.job, threading.Event())


def kill(moment: str) -> Callable[[str], None]:
    """Be killed at this moment."""

    def happens(now: str) -> None:
        if now == moment:
            raise Killed

    return happens


def cut_off(context: Meddling, request: Train, moment: str, rhythm: Rhythm = ALWAYS) -> None:
    """Train until the moment comes, and be killed in it."""
    context.happens = kill(moment)
    with pytest.raises(Killed):
        train(request, context, rhythm)


def finish(context: JobContext, request: Train, rhythm: Rhythm = ALWAYS) -> Made:
    """Train to the end."""
    made = train(request, context, rhythm)
    context.flush()
    return made


def row(context: JobContext) -> Job:
    """The job's row as it stands."""
    return Queue(context.workspace.database, context.workspace.clock).get(context.job.id)


def kept_steps(context: JobContext) -> list[int]:
    """The steps of the job's checkpoints, the furthest first; each has its folder."""
    kept = context.checkpoints()
    assert all((context.workspace.home / one.path).is_dir() for one in kept)
    return [one.step for one in kept]


def folders(context: JobContext) -> list[str]:
    """What lies in the folder of checkpoints for the job, without its id."""
    found = context.workspace.folder("checkpoints").glob(f"*{context.job.id}*")
    return sorted(folder.name.replace(context.job.id, "") for folder in found)


def line(context: JobContext, key: str = "loss") -> list[tuple[int, float]]:
    """The points of a line of the job's chart."""
    records = context.workspace.runs.records(context.job.id, "loss")
    return [(record.step, record.body[key]) for record in records if key in record.body]


def in_format(monkeypatch: pytest.MonkeyPatch, dtype: str) -> None:
    """Let this computer train in that number format, with room for all rows of a step, short samples at every look."""
    monkeypatch.setattr(samples, "_MOST_TOKENS", 4)
    monkeypatch.setattr(looking, "ASK_SHARE", math.inf)
    hardware = replace(Hardware("cpu", "float32", 8 << 30), dtype=dtype)
    monkeypatch.setattr(preparing, "detect", lambda: hardware)
