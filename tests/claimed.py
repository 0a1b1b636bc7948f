"""A job that is already claimed, for tests of what jobs do."""

import uuid

from jobs.context import JobContext
from jobs.queue import Queue, Slot
from jobs.requests import Request
from storage.workspace import Workspace


def claimed_context(workspace: Workspace, request: Request) -> JobContext:
    """Enqueue the request, claim it in a slot of its lane, and return the context its function would get."""
    queue = Queue(workspace.database, workspace.clock)
    device = "cpu:0" if request.lane == "device" else "light:0"
    slot = Slot(f"host-{uuid.uuid4()}", device)
    queue.offer([slot])
    job = queue.enqueue(request, str(uuid.uuid4()), priority=1_000_000)
    claimed = queue.claim(job.id, slot, "test")
    assert claimed is not None
    return JobContext(workspace, queue, claimed)
