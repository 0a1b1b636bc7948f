"""What every command that works in a home begins with: its settings, its workspace, its queue."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from jobs.queue import Queue
from storage.settings import Settings
from storage.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Desk:
    """The settings of this call, the opened workspace and its queue."""

    settings: Settings
    workspace: Workspace
    queue: Queue


@contextmanager
def desk() -> Iterator[Desk]:
    """Open the home's workspace for the duration of a command."""
    settings = Settings()
    workspace = Workspace.open(settings)
    try:
        yield Desk(settings, workspace, Queue(workspace.database, workspace.clock))
    finally:
        workspace.close()
