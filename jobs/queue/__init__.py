"""The queue of jobs, the only writer of a job's state: pages ask it, workers claim from it and settle their claims."""

from jobs.queue.asking import Asking
from jobs.queue.owning import Failure, Owning, Progress, Slot
from jobs.queue.rescuing import Rescuing

__all__ = ["Failure", "Progress", "Queue", "Slot"]


class Queue(Asking, Owning, Rescuing):
    """One queue a workspace: what a person may ask, what the owner of a claim may write, and the rescue of the dead."""
