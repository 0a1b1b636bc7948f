"""When a waiting training may start: what runs now, what waits before it, and how long such trainings took lately."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from heapq import heapify, heapreplace
from statistics import median

from sqlalchemy import desc, func, select

from jobs.queue.moves import ALIVE, Room, record, waiting
from storage.records import Job, JobState
from storage.tables import jobs, slots

_LANE = "device"
_LATELY = 50


class Expecting(Room):
    """The side of the queue that looks ahead. What it tells is an estimate and says so by its words on the page."""

    def starts_in(self, usual: Mapping[str, float]) -> Mapping[str, float | None]:
        """Return the seconds until each waiting training may start; None where what is before it can't be foreseen.

        `usual` are the seconds that a preset takes where none of its runs has been seen yet.
        """
        here = jobs.c.lane == _LANE
        lately = select(jobs).where(here, jobs.c.state == JobState.SUCCEEDED.value)
        with self._database.reading() as connection:
            line = [row.id for row in connection.execute(waiting(_LANE))]
            if not line:
                return {}
            known = {row.id: record(row) for row in connection.execute(select(jobs).where(jobs.c.id.in_(line)))}
            running = [record(row) for row in connection.execute(select(jobs).where(here, jobs.c.state.in_(ALIVE)))]
            past = connection.execute(lately.order_by(desc(jobs.c.finished_at)).limit(_LATELY)).all()
            places = connection.scalar(select(func.count()).where(slots.c.device.not_like("light:%"))) or 1
        took = {**usual, **_lately([record(row) for row in past])}
        left = [_left(job, took, self._clock()) for job in running]
        return _foreseen([known[job_id] for job_id in line], took, left, places)


def _lately(past: Sequence[Job]) -> Mapping[str, float]:
    """How long the trainings of each preset took, in the middle."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for job in past:
        if job.started_at is not None and job.finished_at is not None:
            seconds[_preset(job)].append(job.finished_at - job.started_at)
    return {preset: median(found) for preset, found in seconds.items()}


def _left(job: Job, took: Mapping[str, float], now: float) -> float | None:
    if job.seconds_left is not None:
        return job.seconds_left
    usual = took.get(_preset(job))
    return None if usual is None or job.started_at is None else max(0.0, usual - (now - job.started_at))


def _foreseen(
    line: Sequence[Job], took: Mapping[str, float], left: Sequence[float | None], places: int
) -> dict[str, float | None]:
    """Let the line go through the places, each job into the one that is free first."""
    endless = float("inf")
    free = [endless if seconds is None else seconds for seconds in left] + [0.0] * max(0, places - len(left))
    heapify(free)
    found: dict[str, float | None] = {}
    for job in line:
        starts = free[0]
        found[job.id] = None if starts == endless else starts
        heapreplace(free, starts + took.get(_preset(job), endless))
    return found


def _preset(job: Job) -> str:
    """A trial takes as long as any other, whichever preset it tries."""
    return job.kind if job.kind == "measure" else str(job.spec.get("preset", ""))
