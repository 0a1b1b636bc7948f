"""The one way in which a job changes its state: a guarded UPDATE, with its event in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, Select, desc, func, insert, select, update

from storage.database import Database
from storage.records import Job, JobState
from storage.tables import job_events, jobs, slots

ALIVE = (JobState.RUNNING, JobState.CANCELLING)
USER = "local"  # the one account there is


@dataclass(frozen=True, slots=True)
class Move:
    """One transition: from where to where, made by whom and why."""

    source: JobState | Literal[""]
    target: JobState
    actor: str
    reason: str = ""


class Room:
    """What both sides of the queue stand on: the workspace's database and its clock."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock


def move(connection: Connection, step: Move, at: float, /, *guards: ColumnElement[bool], **values: Any) -> bool:
    """Make the transition where every guard holds and tell its event; False where it no longer applies.

    The guards must name one job. A job that stops holding a claim gives its slot back in the same transaction.
    """
    if step.target.final:
        values["finished_at"] = at
    changed = connection.execute(
        update(jobs)
        .where(jobs.c.state == str(step.source), *guards)
        .values(state=step.target.value, **values)
        .returning(jobs.c.id, jobs.c.fence)
    ).one_or_none()
    if changed is None:
        return False
    tell(connection, changed.id, changed.fence, step, at)
    if step.target not in ALIVE:
        connection.execute(update(slots).where(slots.c.job_id == changed.id).values(job_id=None, fence=None))
    return True


def tell(connection: Connection, job_id: str, fence: int, step: Move, at: float) -> None:
    """Append the transition to the job's history."""
    connection.execute(
        insert(job_events).values(
            job_id=job_id,
            fence=fence,
            from_state=str(step.source),
            to_state=step.target.value,
            actor=step.actor,
            reason=step.reason,
            at=at,
        )
    )


def claimed(job: Job) -> tuple[ColumnElement[bool], ...]:
    """The guard of an owner: this job, and nobody claimed it since."""
    return jobs.c.id == job.id, jobs.c.fence == job.fence


def lane_of(job_id: str) -> ScalarSelect[str]:
    """The lane in which a job runs."""
    this = jobs.alias()
    return select(this.c.lane).where(this.c.id == job_id).scalar_subquery()


def waiting(lane: str | ScalarSelect[str]) -> Select[tuple[str]]:
    """The ids of a lane's queued jobs in the order in which they start.

    Within one priority they start as they were asked; the first event's number tells, which no clock can turn back.
    """
    asked = select(func.min(job_events.c.seq)).where(job_events.c.job_id == jobs.c.id).scalar_subquery()
    return (
        select(jobs.c.id)
        .where(jobs.c.state == JobState.QUEUED.value, jobs.c.lane == lane)
        .order_by(desc(jobs.c.priority), asked)
    )


_PLAIN = [field.name for field in fields(Job) if field.name in jobs.c and field.name != "state"]


def record(row: Row[Any]) -> Job:
    """Return the job's row as a plain value."""
    values = row._mapping
    return Job(
        state=JobState(values["state"]),
        spec=values["spec_json"],
        result=values["result_json"],
        **{name: values[name] for name in _PLAIN},
    )
