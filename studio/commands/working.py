"""What every command that works in a home begins with: its settings, its workspace, its queue."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from jobs.queue import Queue
from storage.settings import Settings
from storage.workspace import Workspace
from studio.needing import settled_base


@dataclass(frozen=True, slots=True)
class Desk:
    """The settings of this call, the opened workspace and its queue."""

    settings: Settings
    workspace: Workspace
    queue: Queue

    @property
    def base_model(self) -> str:
        """The base model of this home; where it is not settled yet, the models that lack are fetched first."""
        return settled_base(self.settings)


@contextmanager
def desk() -> Iterator[Desk]:
    """Open the home's workspace for the duration of a command."""
    settings = Settings()
    workspace = Workspace.open(settings)
    try:
        yield Desk(settings, workspace, Queue(workspace.database, workspace.clock))
    finally:
        workspace.close()
