"""Asking once more for what a run was asked, with one thing changed; the new run names the old one."""

from collections.abc import Callable
from uuid import uuid4

from jobs.queue import Queue
from jobs.requests import MOST_SAVING, Train
from storage.records import Job
from studio.wording import train


def again(queue: Queue, job_id: str, changed: Callable[[Job], Train]) -> Job:
    """Put the changed training in line and return its job."""
    job = queue.get(job_id)
    return queue.enqueue(changed(job), str(uuid4()), parent_id=job.id)


def with_less_memory(job: Job) -> Train:
    """Begin as small as the run had become, and one step smaller."""
    request = Train.model_validate(job.spec)
    smaller = request.less_memory + int(job.result.get("halvings", 0)) + 1
    return request.model_copy(update={"less_memory": min(MOST_SAVING, smaller)})


def on_every_row(job: Job) -> Train:
    """Go through all rows but those of the exam as often as was best, which the run has found out."""
    request = Train.model_validate(job.spec)
    passes = float(job.result.get("kept_passes") or job.result["passes"])
    changes = {"epochs": passes, "all_rows": True, "patience": None, "name": train.every_row_name(request.name)}
    return request.model_copy(update=changes)
