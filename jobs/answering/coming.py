"""Whether a job is making what a column lacks, and how long it still takes."""

from collections.abc import Sequence

from jobs.queue import Queue
from storage.records import Column, Job
from storage.workspace import Workspace


def makers(lacks: Sequence[str], column: Column, workspace: Workspace) -> list[Job] | None:
    """Return the jobs that make the parts in `lacks` (the pages that make them), None where one is made by nobody."""
    unfinished = Queue(workspace.database, workspace.clock).unfinished()
    found = [next((job for job in unfinished if _makes(job, where, column)), None) for where in lacks]
    return [job for job in found if job is not None] if all(found) else None


def seconds_left(jobs: Sequence[Job]) -> float | None:
    """Return how long the slowest of them still takes, None where one does not know yet."""
    left = [job.seconds_left for job in jobs if job.seconds_left is not None]
    return max(left) if left and len(left) == len(jobs) else None


def being_kept(column: Column, workspace: Workspace) -> bool:
    """Whether a job is just keeping documents of the column's collection one by one: a search would see but some."""
    unfinished = Queue(workspace.database, workspace.clock).unfinished()
    return any(_makes(job, "/documents", column) and job.phase == "keep" for job in unfinished)


def _makes(job: Job, where: str, column: Column) -> bool:
    if where == "/train":
        return job.kind == "train" and job.spec["model"] == column.model
    return (
        where == "/documents" and job.kind in {"fetch", "index"} and column.collection in {None, job.spec["collection"]}
    )
