"""A job that is already claimed, for tests of what jobs do."""

import uuid

from jobs.context import JobContext
from jobs.queue import Queue, Slot
from jobs.requests import Request
from storage.records import Job
from storage.workspace import Workspace


def claimed_context(workspace: Workspace, request: Request, place: str = "cpu:0") -> JobContext:
    """Enqueue the request, claim it in a slot of its lane, and return the context its function would get."""
    queue = Queue(workspace.database, workspace.clock)
    return claimed_again(workspace, queue.enqueue(request, str(uuid.uuid4())), request, place)


def claimed_again(workspace: Workspace, job: Job, request: Request, place: str = "cpu:0") -> JobContext:
    """Claim a waiting job of that request, in a slot of its own, and return the context its function would get."""
    queue = Queue(workspace.database, workspace.clock)
    slot = Slot(f"host-{uuid.uuid4()}", place if request.lane == "device" else "light:0")
    queue.offer([slot])
    claimed = queue.claim(job.id, slot, "test")
    assert claimed is not None
    return JobContext(workspace, queue, claimed)
