"""Jobs whose process is gone: back in line, given up, or confirmed as cancelled. Death is proven, never guessed."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from sqlalchemy import Connection, func, select, union_all

from jobs.queue.moves import ALIVE, Move, Room, claimed, move, record
from jobs.queue.owning import Failure, move_to_failed
from storage.answer_tables import cells
from storage.records import Job, JobState
from storage.tables import checkpoints, job_events, jobs, slots

Cause = Literal["died", "hung", "killed for memory"]
End = Literal[Cause, "disk full"]

LOST = "its worker was gone"
LEASE_GRACE_S = 15.0
_SAME_PLACE_LIMIT: dict[Cause, int] = {"died": 3, "hung": 3, "killed for memory": 2}
# Each time the system kills one that holds a device, its next attempt takes less memory.
_LESS_MEMORY_LIMIT = 4
_INTERRUPTION_LIMIT = 5
_FIRST_DELAY_S = 1.0
_DELAY_S = 30.0
_LONGEST_DELAY_S = 900.0
_FREE_LOSSES = 2


class Held(Protocol):
    """A lock that can be given back."""

    def release(self) -> None:
        """Give the lock back."""
        ...


@dataclass(frozen=True, slots=True)
class Rescued:
    """A job that was found dead, and where it went."""

    job: Job
    state: JobState


class Rescuing(Room):
    """The side of the queue that mends what a crash left behind."""

    def recover(self, host: str, take: Callable[[str], Held | None]) -> Sequence[Rescued]:
        """Settle every job that is said to run but whose process is gone.

        On this host the kernel decides: `take(job_id)` gives the job's lock, or None while a process of the job lives.
        Of another host only the end of its lease, with a grace, is known.
        """
        found: list[Rescued] = []
        for job, where, lease_until in self._alive():
            if where != host:
                if lease_until + LEASE_GRACE_S < self._clock():
                    found += self._rescue(job)
            elif (lock := take(job.id)) is not None:
                try:
                    found += self._rescue(job)
                finally:
                    lock.release()
        return found

    def died(self, job: Job, cause: Cause) -> bool:
        """Settle a job whose process ended by itself, without a word, while its worker lives.

        It goes back in line, unless it keeps ending at the same step or too often without a checkpoint. One that was
        killed for memory is told to take less.
        """
        now = self._clock()
        with self._database.writing("died") as connection:
            row = connection.execute(
                select(jobs.c.step, jobs.c.interruptions, jobs.c.lane, jobs.c.result_json)
                .where(*claimed(job))
                .with_for_update()
            ).one_or_none()
            if row is None:
                return False
            reason = f"{cause} at step {row.step}"
            shrinks = cause == "killed for memory" and row.lane == "device"
            limit = _LESS_MEMORY_LIMIT if shrinks else _SAME_PLACE_LIMIT[cause]
            here = _count(connection, job.id, reason) + 1
            failure = _hopeless(cause, _Place(row.step, here, limit), row.interruptions + 1)
            if failure is not None:
                return move_to_failed(connection, job, failure, now)
            back = Move(JobState.RUNNING, JobState.QUEUED, f"claim {job.fence}", reason)
            less = {"halvings": int(row.result_json.get("halvings", 0)) + 1} if shrinks else {}
            return move(
                connection,
                back,
                now,
                *claimed(job),
                interruptions=row.interruptions + 1,
                attempt=jobs.c.attempt - 1,
                run_after=now + delay_s(1 if shrinks else row.interruptions + 1),
                result_json={**row.result_json, **less},
            )

    def _alive(self) -> Sequence[tuple[Job, str | None, float]]:
        statement = select(jobs, slots.c.host).outerjoin(slots, slots.c.job_id == jobs.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(statement.where(jobs.c.state.in_(ALIVE))).all()
        return [(record(row), row.host, row.lease_until or 0.0) for row in rows]

    def _rescue(self, job: Job) -> list[Rescued]:
        now = self._clock()
        gone = Move(JobState.CANCELLING, JobState.CANCELLED, "rescue", LOST)
        back = Move(JobState.RUNNING, JobState.QUEUED, "rescue", LOST)
        with self._database.writing("rescue") as connection:
            if move(connection, gone, now, *claimed(job)):
                return [Rescued(job, JobState.CANCELLED)]
            losses = _count(connection, job.id, LOST, since_kept=True) + 1
            later = now + delay_s(losses - _FREE_LOSSES)
            if move(connection, back, now, *claimed(job), attempt=jobs.c.attempt - 1, run_after=later):
                return [Rescued(job, JobState.QUEUED)]
        return []


def delay_s(times: int) -> float:
    """How long an interrupted job waits: a moment at first, then 30 s, doubling up to a quarter of an hour."""
    if times <= 1:
        return _FIRST_DELAY_S
    return min(_DELAY_S * 2 ** (times - 2), _LONGEST_DELAY_S) * random.uniform(0.8, 1.2)


def _count(connection: Connection, job_id: str, reason: str, *, since_kept: bool = False) -> int:
    statement = select(func.count()).select_from(job_events)
    statement = statement.where(job_events.c.job_id == job_id, job_events.c.reason == reason)
    if since_kept:
        kept = union_all(
            select(checkpoints.c.complete_at.label("at")).where(checkpoints.c.job_id == job_id),
            select(cells.c.at).where(cells.c.job_id == job_id),
        ).subquery()
        last = select(func.coalesce(func.max(kept.c.at), 0.0)).scalar_subquery()
        statement = statement.where(job_events.c.at >= last)
    return connection.scalar(statement) or 0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a job ended: at which step, for which time, and how often it may."""

    step: int
    times: int
    limit: int


def _hopeless(cause: Cause, place: _Place, interruptions: int) -> Failure | None:
    if place.times >= place.limit:
        if cause == "killed for memory":
            return Failure(
                "host_oom",
                f"The computer ran out of memory while this job ran, {place.times} times at the same place.",
                "Close other programs, or choose fewer rows at a time or shorter examples, and press Retry.",
            )
        return Failure(
            "poison",
            f"This job stopped by itself {place.times} times at the same place (step {place.step}).",
            "Try other examples or other settings; the job's log tells what happened last.",
        )
    if interruptions > _INTERRUPTION_LIMIT:
        return Failure(
            "interrupted",
            f"This job stopped by itself {interruptions} times without getting further.",
            "Press Retry when the computer is less busy; the job's log tells what happened last.",
        )
    return None
