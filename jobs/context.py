"""What a running job may do: tell where it is, keep records, and ask whether it should stop."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jobs.queue import Progress, Queue
from jobs.queue.owning import Cell, Report
from storage.drafts import ASKED, DraftPair
from storage.errors import ClaimLost, TriptychError
from storage.records import Adapter, Job, JobState, Json, Scorecard
from storage.run_records import Checkpoint
from storage.workspace import Workspace

_WRITE_EVERY_S = 1.0
_LOOK_EVERY_S = 0.5


class Cancelled(BaseException):
    """The person asked to stop this job and to throw away what it has: no fault, so `except Exception` lets it pass."""


class Interrupted(BaseException):
    """The worker is shutting down; the job goes on later, from its last complete checkpoint. No fault either."""


class OutOfDeviceMemory(TriptychError):
    """The device's memory did not suffice. The next attempt finds `context.halvings` one higher."""

    next_step = "Choose fewer rows at a time or shorter examples."


@dataclass(frozen=True, slots=True)
class Made:
    """What a job made: a result for its row, a training's published adapter, an evaluation's scorecard."""

    result: Json = field(default_factory=dict)
    adapter: Adapter | None = None
    scorecard: Scorecard | None = None
    stop_reason: str = ""


class JobContext:
    """A claimed job in its workspace. Every write names the claim's fence; a lost claim raises ClaimLost.

    Ask `cancelled()` at every step, or call `check()`, which raises. What a job returns after `cancelled()` said yes is
    thrown away: it may be half done. `heard` is whether `check` has told the job that its worker stops.
    """

    def __init__(self, workspace: Workspace, queue: Queue, job: Job, stopping: threading.Event | None = None) -> None:
        self.workspace = workspace
        self.job = job
        self._queue = queue
        self._stopping = stopping or threading.Event()
        self._progress = Progress()
        self._records: list[Report] = []
        self._written_at = self._looked_at = float("-inf")
        self._row = job
        self._said_stop = False
        self.heard = False
        self._lock = threading.Lock()

    @property
    def fence(self) -> int:
        """The number of this claim; what the job writes to disk carries it."""
        return self.job.fence

    @property
    def device(self) -> str:
        """The device this job holds: `cuda:0`, `cpu:0`, …; several cards are `cuda:0,1`."""
        return self._queue.device(self.job)

    @property
    def cards(self) -> Sequence[str]:
        """The number of each card that this job holds, as CUDA_VISIBLE_DEVICES would name it."""
        return self.device.partition(":")[2].split(",")

    @property
    def halvings(self) -> int:
        """How often the rows at a time must be halved, because earlier attempts ran out of the device's memory."""
        return int(self.job.result.get("halvings", 0))

    def report(
        self,
        phase: str | None = None,
        step: int | None = None,
        of: int | None = None,
        seconds_left: float | None = None,
    ) -> None:
        """Tell where the job is; written at once for a new phase, else at most once a second."""
        new_phase = phase is not None and phase != self._progress.phase
        with self._lock:
            before = self._progress
            self._progress = Progress(
                phase=before.phase if phase is None else phase,
                step=before.step if step is None else step,
                total_steps=before.total_steps if of is None else of,
                seconds_left=before.seconds_left if seconds_left is None else seconds_left,
            )
        self._write(now=new_phase)

    def record(self, kind: str, step: int, body: Json) -> None:
        """Keep one record of the run (`loss`, `sample`, …) for the page; bursts are written together once a second."""
        with self._lock:
            self._records.append(Report(kind, step, body, self.workspace.clock()))
        self._write(now=False)

    def flush(self) -> None:
        """Write what the throttle still holds back."""
        self._write(now=True)

    def cancelled(self) -> bool:
        """Whether to stop as soon as possible: asked by the person, by the worker, or because the claim is lost."""
        stop = self._stopping.is_set() or not self._is_mine() or self._row.state is JobState.CANCELLING
        self._said_stop = self._said_stop or stop
        return stop

    def finish_requested(self) -> bool:
        """Whether the person asked to stop now and keep what there is so far."""
        return self._look().finish_requested_at is not None

    def check(self, *, fresh: bool = False) -> None:
        """Raise Cancelled, Interrupted or ClaimLost where the job should not go on; `fresh` looks at the row anew."""
        if fresh:
            self._looked_at = float("-inf")
        if not self._is_mine():
            raise ClaimLost("This job goes on elsewhere.")
        if self._row.state is JobState.CANCELLING:
            raise Cancelled
        if self._stopping.is_set():
            self.heard = True
            raise Interrupted

    def close(self) -> None:
        """Write what is held back; raise as `check` does where the job was told to stop and so may be half done."""
        if self._said_stop:
            self.check()
        self.flush()

    def keep_checkpoint(self, step: int, folder: Path, manifest_sha256: str) -> None:
        """Keep that the checkpoint in `folder`, inside home, is complete; a later attempt may go on from it."""
        path = str(folder.relative_to(self.workspace.home))
        made = Checkpoint(self.job.id, step, self.fence, path, manifest_sha256, self.workspace.clock())
        if not self._queue.keep_checkpoint(made):
            raise ClaimLost("This job goes on elsewhere.")

    def keep_cell(self, column_id: str, row: int, body: Json) -> None:
        """Keep one scored answer; a later attempt goes on with those that lack."""
        if not self._queue.keep_cell(self.job, Cell(column_id, row, body, self.workspace.clock())):
            raise ClaimLost("This job goes on elsewhere.")

    def keep_drafts(self, made: Sequence[DraftPair], step: int, asked: Json) -> None:
        """Keep the drafts that the `step`-th passage gave, and that it was asked; a later attempt asks the others."""
        if not self._queue.keep_drafts(self.job, made, Report(ASKED, step, asked, self.workspace.clock())):
            raise ClaimLost("This job goes on elsewhere.")

    def drop_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Forget a checkpoint of this job, so that its folder may be removed."""
        if not self._queue.drop_checkpoint(self.job, checkpoint):
            raise ClaimLost("This job goes on elsewhere.")

    def checkpoints(self) -> Sequence[Checkpoint]:
        """Return the complete checkpoints of all attempts, the furthest first."""
        return self._queue.checkpoints(self.job.id)

    def _write(self, *, now: bool) -> None:
        with self._lock:
            if not now and time.monotonic() - self._written_at < _WRITE_EVERY_S:
                return
            self._written_at = time.monotonic()
            records, self._records = self._records, []
            if not self._queue.report(self.job, self._progress, records):
                raise ClaimLost("This job goes on elsewhere.")

    def _look(self) -> Job:
        if time.monotonic() - self._looked_at >= _LOOK_EVERY_S:
            self._looked_at = time.monotonic()
            self._row = self._queue.get(self.job.id)
        return self._row

    def _is_mine(self) -> bool:
        row = self._look()
        return row.fence == self.fence and not row.state.final and row.state is not JobState.QUEUED
