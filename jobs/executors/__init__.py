"""Where jobs run: in a child process or a thread of the worker; another machine would be a third of the same form."""

from collections.abc import Sequence
from typing import Protocol

from jobs.kinds import Kind
from jobs.queue.rescuing import End
from storage.locks import Lock
from storage.records import Job


class Run(Protocol):
    """One start of a job."""

    def alive(self) -> bool:
        """Whether it still runs."""
        ...

    def cause(self) -> End:
        """Why a run that settled nothing has ended; `disk full` where not even its end could be written."""
        ...

    def stop(self) -> None:
        """Ask it to stop soon."""
        ...

    def kill(self) -> None:
        """End it now, with all it started; what it writes from now on does not count."""
        ...


class Executor(Protocol):
    """Starts claimed jobs."""

    def start(self, job: Job, kind: Kind, locks: Sequence[Lock]) -> Run:
        """Start the job; whatever runs it holds the locks until it is gone."""
        ...
