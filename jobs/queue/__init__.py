"""The queue of jobs, the only writer of a job's state: pages ask it, workers claim from it and settle their claims."""

from collections.abc import Sequence

from jobs.queue.asking import Asking
from jobs.queue.expecting import Expecting
from jobs.queue.owning import Failure, Owning, Progress, Slot
from jobs.queue.rescuing import Rescued, Rescuing
from storage.locks import JOB_LOCK, Locks
from storage.workspace import Workspace

__all__ = ["Failure", "Progress", "Queue", "Slot", "rescue"]


class Queue(Asking, Expecting, Owning, Rescuing):
    """One queue a workspace: what a person may ask and expect, what an owner may write, and the rescue of the dead."""


def rescue(workspace: Workspace) -> Sequence[Rescued]:
    """Settle the jobs whose process is gone. Workers do it by themselves; call it where none may be running.

    A cancelled job whose worker died is so confirmed without one.
    """
    locks = Locks(workspace.folder("locks"))
    queue = Queue(workspace.database, workspace.clock)
    return queue.recover(locks.host(), lambda job_id: locks.take(JOB_LOCK + job_id))
