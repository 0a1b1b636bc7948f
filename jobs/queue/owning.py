"""What the owner of a claim may write. Every write names the claim's fence; after another claim it changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, case, delete, desc, exists, func, insert, or_, select, update

from jobs.queue.moves import ALIVE, Move, Room, claimed, move, record, waiting
from storage.answer_tables import cells, scorecards
from storage.drafts import DraftPair, add
from storage.records import Adapter, Job, JobState, Json, Scorecard
from storage.run_records import Checkpoint
from storage.tables import adapters, checkpoints, drafts, jobs, queue_control, run_records, slots

LEASE_S = 60.0
LONGEST_WAIT_S = 20 * 60.0  # more than the longest delay before another attempt


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in which a job may run: `cuda:0`, `cuda:0,1` (two cards), `cpu:0` or `light:0` of one host."""

    host: str
    device: str

    @property
    def lane(self) -> str:
        """The line of jobs that this place serves."""
        return "light" if self.device.startswith("light:") else "device"

    @property
    def parts(self) -> Sequence[str]:
        """Each of its devices alone: `cuda:0` and `cuda:1` of `cuda:0,1`."""
        name, _, numbers = self.device.partition(":")
        return [f"{name}:{number}" for number in numbers.split(",")]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed: a kind for programs, a sentence and a next step for people."""

    kind: str
    text: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a running job is; what is None stays as it was."""

    phase: str | None = None
    step: int | None = None
    total_steps: int | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One record of a run that is still to be kept."""

    kind: str
    step: int
    body: Json
    at: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One scored answer of an evaluation that is still to be kept."""

    column_id: str
    row: int
    body: Json
    at: float


class Owning(Room):
    """The side of the queue that workers and running jobs use."""

    def offer(self, mine: Sequence[Slot]) -> None:
        """Make these the free places of their host, and withdraw those it no longer has."""
        with self._database.writing() as connection:
            known = {
                row.device for row in connection.execute(select(slots.c.device).where(slots.c.host == mine[0].host))
            }
            offered = {slot.device for slot in mine}
            connection.execute(
                delete(slots).where(
                    slots.c.host == mine[0].host, slots.c.job_id.is_(None), slots.c.device.not_in(offered)
                )
            )
            for device in offered - known:
                connection.execute(insert(slots).values(host=mine[0].host, device=device))

    def candidates(self, lane: str, kinds: Iterable[str], limit: int = 10) -> Sequence[str]:
        """Return the ids of the jobs that could start now, the next one first."""
        ready = waiting(lane).where(jobs.c.kind.in_(list(kinds)), _due(self._clock()), ~_paused())
        with self._database.reading() as connection:
            return [row.id for row in connection.execute(ready.limit(limit))]

    def claim(self, job_id: str, slot: Slot, worker_id: str) -> Job | None:
        """Start the job in the slot and return it with its new fence; None where either is no longer free.

        The caller already holds the lock files of both.
        """
        now = self._clock()
        this_slot = (slots.c.host == slot.host, slots.c.device == slot.device)
        free = exists().where(*this_slot, slots.c.job_id.is_(None))
        start = Move(JobState.QUEUED, JobState.RUNNING, worker_id)
        guards = (jobs.c.id == job_id, _due(now), jobs.c.lane == slot.lane, free, ~_paused())
        values = {
            "fence": jobs.c.fence + 1,
            "attempt": jobs.c.attempt + 1,
            "worker_id": worker_id,
            "started_at": now,
            "progress_at": now,
            # Stop and keep is still wanted where there is something to keep.
            "finish_requested_at": case((_has_kept_something(), jobs.c.finish_requested_at)),
            **_progress_kept(),
            **_renewed(now),
        }
        with self._database.writing("claim") as connection:
            if not move(connection, start, now, *guards, **values):
                return None
            job = record(connection.execute(select(jobs).where(jobs.c.id == job_id)).one())
            connection.execute(update(slots).where(*this_slot).values(job_id=job.id, fence=job.fence))
        return job

    def device(self, job: Job) -> str:
        """Return the device that the claimed job runs on."""
        with self._database.reading() as connection:
            return str(
                connection.scalar(select(slots.c.device).where(slots.c.job_id == job.id, slots.c.fence == job.fence))
            )

    def beat(self, job: Job) -> bool:
        """Renew the claim's lease; False where the claim is lost or the job has ended."""
        with self._database.writing() as connection:
            return _write(connection, job, _renewed(self._clock()))

    def report(self, job: Job, progress: Progress, records: Sequence[Report] = ()) -> bool:
        """Keep where the job is and what it reported; False where the claim is lost or the job has ended."""
        values = {name: value for name, value in asdict(progress).items() if value is not None}
        with self._database.writing("report") as connection:
            if not _write(connection, job, {**values, "progress_at": self._clock()}):
                return False
            for entry in records:
                _tell(connection, job, entry)
        return True

    def keep_checkpoint(self, checkpoint: Checkpoint) -> bool:
        """Keep that a checkpoint is complete; the count of interruptions starts anew. False where the claim is lost."""
        owner = (jobs.c.id == checkpoint.job_id, jobs.c.fence == checkpoint.fence)
        with self._database.writing("checkpoint") as connection:
            kept = connection.execute(
                update(jobs).where(*owner, jobs.c.state.in_(ALIVE)).values(interruptions=0)
            ).rowcount
            if kept:
                connection.execute(insert(checkpoints).values(**asdict(checkpoint)))
        return kept == 1

    def drop_checkpoint(self, job: Job, checkpoint: Checkpoint) -> bool:
        """Forget a checkpoint of a claimed job; False where the claim is lost."""
        with self._database.writing("drop-checkpoint") as connection:
            mine = _write(connection, job, _renewed(self._clock()))
            if mine:
                this = (checkpoints.c.step == checkpoint.step, checkpoints.c.fence == checkpoint.fence)
                connection.execute(delete(checkpoints).where(checkpoints.c.job_id == job.id, *this))
        return mine

    def forget_checkpoints(self) -> None:
        """Forget the checkpoints of all jobs that have ended; nobody goes on from them."""
        ended = select(jobs.c.id).where(jobs.c.finished_at.is_not(None))
        with self._database.writing() as connection:
            connection.execute(delete(checkpoints).where(checkpoints.c.job_id.in_(ended)))

    def keep_cell(self, job: Job, cell: Cell) -> bool:
        """Keep one scored answer; the count of interruptions starts anew. False where the claim is lost."""
        with self._database.writing() as connection:
            kept = _write(connection, job, {"interruptions": 0})
            if kept:
                connection.execute(insert(cells).values(job_id=job.id, **asdict(cell)))
        return kept

    def keep_drafts(self, job: Job, made: Sequence[DraftPair], asked: Report) -> bool:
        """Keep what one passage gave, and that it was asked, as `keep_cell` does; False where the claim is lost."""
        with self._database.writing() as connection:
            kept = _write(connection, job, {"interruptions": 0})
            if kept:
                add(connection, made)
                _tell(connection, job, asked)
        return kept

    def checkpoints(self, job_id: str) -> Sequence[Checkpoint]:
        """Return the complete checkpoints of a job, the furthest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(checkpoints)
                .where(checkpoints.c.job_id == job_id)
                .order_by(desc(checkpoints.c.step), desc(checkpoints.c.fence))
            ).all()
        return [Checkpoint(**row._mapping) for row in rows]

    def finish(
        self,
        job: Job,
        *,
        result: Json,
        adapter: Adapter | None = None,
        scorecard: Scorecard | None = None,
        stop_reason: str = "",
    ) -> bool:
        """Mark the job done and keep what it made; False if the claim was lost or the job is being cancelled."""
        now = self._clock()
        done = Move(JobState.RUNNING, JobState.SUCCEEDED, _owner(job), stop_reason)
        with self._database.writing("finish") as connection:
            if not move(connection, done, now, *claimed(job), result_json=result, stop_reason=stop_reason):
                return False
            if adapter is not None:
                connection.execute(insert(adapters).values(**asdict(adapter)))
            if scorecard is not None:
                connection.execute(insert(scorecards).values(**asdict(scorecard)))
        return True

    def fail(self, job: Job, failure: Failure) -> bool:
        """Mark the job failed, with a sentence for the person; False if the claim was lost or it is being cancelled."""
        with self._database.writing("fail") as connection:
            return move_to_failed(connection, job, failure, self._clock())

    def again(self, job: Job, reason: str, *, after_s: float, result: Json | None = None) -> bool:
        """Put the job back in line for another attempt, which counts; `result` is what that attempt shall know."""
        now = self._clock()
        back = Move(JobState.RUNNING, JobState.QUEUED, _owner(job), reason)
        changed = {} if result is None else {"result_json": result}
        with self._database.writing("again") as connection:
            return move(connection, back, now, *claimed(job), run_after=now + after_s, **changed)

    def interrupt(self, job: Job, reason: str) -> bool:
        """Put the job back in line through no fault of its own; the attempt does not count."""
        now = self._clock()
        back = Move(JobState.RUNNING, JobState.QUEUED, _owner(job), reason)
        with self._database.writing("interrupt") as connection:
            return move(connection, back, now, *claimed(job), run_after=now, attempt=jobs.c.attempt - 1)

    def confirm_cancelled(self, job: Job) -> bool:
        """Mark a job that was asked to stop as stopped; False if nobody asked or the claim was lost."""
        gone = Move(JobState.CANCELLING, JobState.CANCELLED, _owner(job))
        with self._database.writing("confirm-cancelled") as connection:
            return move(connection, gone, self._clock(), *claimed(job))


def move_to_failed(connection: Connection, job: Job, failure: Failure, at: float) -> bool:
    """The transition to `failed`, inside a transaction of the caller's."""
    failed = Move(JobState.RUNNING, JobState.FAILED, _owner(job), failure.kind)
    return move(
        connection,
        failed,
        at,
        *claimed(job),
        failure_kind=failure.kind,
        failure_text=failure.text,
        failure_next_step=failure.next_step,
    )


def _owner(job: Job) -> str:
    return f"claim {job.fence}"


def _due(now: float) -> Any:
    """Whether a job may start: its wait is over, or longer than any that is ever set, as after a clock was set back."""
    return or_(jobs.c.run_after <= now, jobs.c.run_after > now + LONGEST_WAIT_S)


def _paused() -> Any:
    return exists().where(queue_control.c.paused == 1)


def _has_kept_something() -> Any:
    return or_(*(exists().where(table.c.job_id == jobs.c.id) for table in (checkpoints, cells, drafts)))


def _progress_kept() -> dict[str, Any]:
    """Where a new attempt begins: at the furthest checkpoint, or else at nothing."""
    furthest = select(func.max(checkpoints.c.step)).where(checkpoints.c.job_id == jobs.c.id).scalar_subquery()
    of = case((furthest.is_not(None), jobs.c.total_steps), else_=0)
    return {"phase": "", "step": func.coalesce(furthest, 0), "total_steps": of, "seconds_left": None}


def _renewed(now: float) -> dict[str, float]:
    return {"heartbeat_at": now, "lease_until": now + LEASE_S}


def _tell(connection: Connection, job: Job, entry: Report) -> None:
    connection.execute(insert(run_records).values(job_id=job.id, fence=job.fence, **asdict(entry)))


def _write(connection: Connection, job: Job, values: dict[str, Any]) -> bool:
    return connection.execute(update(jobs).where(*claimed(job), jobs.c.state.in_(ALIVE)).values(**values)).rowcount == 1
