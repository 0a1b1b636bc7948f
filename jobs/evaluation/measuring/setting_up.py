"""How long making the parts of a column took, as far as the jobs that made them noted it."""

from jobs.queue import Queue
from storage.errors import NotFound
from storage.records import JobState
from storage.workspace import Workspace

_ALL = 1_000_000


def training_seconds(workspace: Workspace, adapter_id: str | None) -> float | None:
    """Return the seconds of the training that made an adapter; None without one, or where it is not known any more."""
    if adapter_id is None:
        return None
    try:
        seconds = workspace.adapters.get(adapter_id).report.get("seconds")
    except NotFound:
        return None
    return float(seconds) if seconds is not None else None


def reading_seconds(workspace: Workspace, collection: str | None) -> float | None:
    """Return the seconds of all readings into a collection that ended well; None where none is known."""
    if collection is None:
        return None
    readings = [
        job.finished_at - job.started_at
        for job in Queue(workspace.database, workspace.clock).list("index", _ALL)
        if job.spec["collection"] == collection and job.state is JobState.SUCCEEDED
        if job.started_at is not None and job.finished_at is not None
    ]
    return sum(readings) if readings else None
