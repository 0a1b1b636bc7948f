"""What every page and every route works with: the workspace, the queue, the door to the models, the comparisons."""

from dataclasses import dataclass

from jobs.answering.compare import Comparing
from jobs.models.door import Door
from jobs.queue import Queue
from storage.workspace import Workspace


@dataclass(frozen=True)
class Bench:
    """The four things that a page may reach for; handed to each page once, when the pages are built."""

    workspace: Workspace
    queue: Queue
    door: Door
    comparing: Comparing
