"""What a person may ask of the queue: to run, watch, stop, keep, repeat and reorder jobs."""

import hashlib
import json
import time
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, desc, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from jobs.queue.moves import USER, Move, Room, lane_of, move, record, tell, waiting
from jobs.requests import Request
from storage.errors import NotAllowed, NotFound
from storage.records import Job, JobEvent, JobState, Json
from storage.tables import job_events, jobs, queue_control

_EVERYTHING = "all"
_LOOK_AGAIN_S = 0.2


class Asking(Room):
    """The side of the queue that pages and commands use. Answers are read from the row: a reload loses nothing."""

    def enqueue(self, request: Request, idem_key: str, *, priority: int = 0, parent_id: str | None = None) -> Job:
        """Put the request in line and return its job; the same `idem_key` again returns the same job."""
        spec = request.model_dump(mode="json")
        return self._put(
            idem_key,
            kind=spec["kind"],
            lane=request.lane,
            spec_json=spec,
            adapter_id=str(uuid.uuid4()) if request.makes_adapter else None,
            priority=priority,
            parent_id=parent_id,
        )

    def retry(self, job_id: str, idem_key: str) -> Job:
        """Ask once more for what an ended job was asked; it gets a row of its own."""
        with self._database.reading() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
        if row is None:
            raise _no_such_job(job_id)
        if not JobState(row.state).final:
            raise NotAllowed("This job has not ended yet.", "Wait for it, or take it out first.")
        return self._put(
            idem_key,
            kind=row.kind,
            lane=row.lane,
            spec_json=row.spec_json,
            adapter_id=str(uuid.uuid4()) if row.adapter_id else None,
            parent_id=row.id,
        )

    def get(self, job_id: str) -> Job:
        """Return the job as it stands now; raise NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
        if row is None:
            raise _no_such_job(job_id)
        return record(row)

    def events(self, job_id: str) -> Sequence[JobEvent]:
        """Return the job's history, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(job_events).where(job_events.c.job_id == job_id).order_by(job_events.c.seq)
            ).all()
        return [JobEvent(**row._mapping) for row in rows]

    def wait(self, job_id: str, timeout_s: float) -> Job:
        """Return the job once it has ended, or as it stands after `timeout_s`."""
        until = time.monotonic() + timeout_s
        while not (job := self.get(job_id)).state.final and time.monotonic() < until:
            time.sleep(_LOOK_AGAIN_S)
        return job

    def position(self, job_id: str) -> int | None:
        """Return the job's place in its line, 1 for the next; None where it does not wait."""
        with self._database.reading() as connection:
            ids = [row.id for row in connection.execute(waiting(lane_of(job_id)))]
        return ids.index(job_id) + 1 if job_id in ids else None

    def move_up(self, job_id: str) -> Job:
        """Put a waiting job first in its line; a job that no longer waits stays as it is."""
        queued = jobs.c.state == JobState.QUEUED.value
        with self._database.writing() as connection:
            highest = connection.scalar(
                select(func.max(jobs.c.priority)).where(queued, jobs.c.lane == lane_of(job_id), jobs.c.id != job_id)
            )
            if highest is not None:
                connection.execute(update(jobs).where(jobs.c.id == job_id, queued).values(priority=highest + 1))
        return self.get(job_id)

    def request_cancel(self, job_id: str) -> Job:
        """Take a waiting job out at once, ask a running one to stop and throw away; an ended one stays as it is."""
        now = self._clock()
        this = jobs.c.id == job_id
        out = Move(JobState.QUEUED, JobState.CANCELLED, "user")
        stop = Move(JobState.RUNNING, JobState.CANCELLING, "user")
        with self._database.writing("cancel") as connection:
            _ = move(connection, out, now, this, cancel_requested_at=now) or move(
                connection, stop, now, this, cancel_requested_at=now
            )
        return self.get(job_id)

    def request_finish(self, job_id: str) -> Job:
        """Ask a running job to stop and keep what it has so far; raise NotAllowed where it does not run."""
        with self._database.writing() as connection:
            connection.execute(
                update(jobs)
                .where(
                    jobs.c.id == job_id,
                    jobs.c.state == JobState.RUNNING.value,
                    jobs.c.finish_requested_at.is_(None),
                )
                .values(finish_requested_at=self._clock())
            )
        job = self.get(job_id)
        if job.state is not JobState.RUNNING and job.finish_requested_at is None:
            raise NotAllowed("This job is not running, so there is nothing to stop and keep.", "Wait until it runs.")
        return job

    def pause(self, reason: str) -> None:
        """Start no more jobs until `resume`; those that run go on."""
        with self._database.writing("pause") as connection:
            connection.execute(delete(queue_control).where(queue_control.c.name == _EVERYTHING))
            connection.execute(queue_control.insert().values(name=_EVERYTHING, paused=1, reason=reason))

    def resume(self) -> None:
        """Start jobs again."""
        with self._database.writing("resume") as connection:
            connection.execute(delete(queue_control).where(queue_control.c.name == _EVERYTHING))

    def paused(self) -> str | None:
        """Return why no job starts, or None where they do."""
        with self._database.reading() as connection:
            return connection.scalar(select(queue_control.c.reason).where(queue_control.c.paused == 1))

    def list(self, kind: str | None = None, limit: int = 50) -> list[Job]:
        """Return the jobs asked for last, the newest first."""
        statement = select(jobs).order_by(desc(jobs.c.created_at), desc(jobs.c.id)).limit(limit)
        if kind is not None:
            statement = statement.where(jobs.c.kind == kind)
        with self._database.reading() as connection:
            return [record(row) for row in connection.execute(statement).all()]

    def unfinished(self) -> Sequence[Job]:
        """Return every job that has not ended, in the order in which they were asked for."""
        final = [str(state) for state in JobState if state.final]
        going_on = select(jobs).where(jobs.c.state.not_in(final)).order_by(jobs.c.created_at, jobs.c.id)
        with self._database.reading() as connection:
            return [record(row) for row in connection.execute(going_on).all()]

    def _put(self, idem_key: str, *, spec_json: Json, **values: Any) -> Job:
        now = self._clock()
        dialect = sqlite if self._database.is_sqlite else postgresql
        new = dialect.insert(jobs).values(
            id=str(uuid.uuid4()),
            user_id=USER,
            idem_key=idem_key,
            spec_json=spec_json,
            spec_hash=hashlib.sha256(json.dumps(spec_json, sort_keys=True).encode()).hexdigest(),
            state=JobState.QUEUED.value,
            result_json={},
            created_at=now,
            **values,
        )
        with self._database.writing("submit") as connection:
            made = connection.scalar(new.on_conflict_do_nothing().returning(jobs.c.id))
            if made is not None:
                tell(connection, made, 0, Move("", JobState.QUEUED, "user"), now)
            row = connection.execute(select(jobs).where(jobs.c.user_id == USER, jobs.c.idem_key == idem_key)).one()
        return record(row)


def _no_such_job(job_id: str) -> NotFound:
    return NotFound(f"There is no job {job_id!r}.", "Choose one of the jobs in the list.")
