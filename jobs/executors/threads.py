"""Light jobs: each in a thread of the worker."""

import logging
import threading
from collections.abc import Sequence

from jobs.context import JobContext
from jobs.executors.carrying import LINE, carry_out
from jobs.kinds import Kind
from jobs.queue import Queue
from jobs.queue.rescuing import End
from storage.errors import NoSpace, TriptychError
from storage.locks import Lock
from storage.records import Job
from storage.workspace import Workspace

log = logging.getLogger(__name__)


class ThreadRun:
    """A job in a thread. It can be asked to stop; one that does not listen is left alone and its claim closed."""

    def __init__(self, stopping: threading.Event) -> None:
        self._thread = threading.current_thread()
        self._stopping = stopping
        self._given_up = False
        self.found_the_disk_full = False

    def begin(self, thread: threading.Thread) -> None:
        """Start the thread that carries out the job."""
        self._thread = thread
        thread.start()

    def alive(self) -> bool:
        """Whether its thread runs and was not given up."""
        return self._thread.is_alive() and not self._given_up

    def cause(self) -> End:
        """A thread that settled nothing could not write its end."""
        return "disk full" if self.found_the_disk_full else "died"

    def stop(self) -> None:
        """Tell the job's context."""
        self._stopping.set()

    def kill(self) -> None:
        """Give the thread up; its claim is settled by the worker, so that what it still writes is refused."""
        self._stopping.set()
        self._given_up = True


class ThreadExecutor:
    """Starts jobs in threads."""

    def __init__(self, workspace: Workspace, queue: Queue) -> None:
        self._workspace = workspace
        self._queue = queue

    def start(self, job: Job, kind: Kind, locks: Sequence[Lock]) -> ThreadRun:
        """Start the job; the worker's own process holds the locks."""
        stopping = threading.Event()
        context = JobContext(self._workspace, self._queue, job, stopping)
        run = ThreadRun(stopping)
        run.begin(threading.Thread(target=self._work, args=(kind, context, run), name=f"job-{job.id}", daemon=True))
        return run

    def _work(self, kind: Kind, context: JobContext, run: ThreadRun) -> None:
        path = self._workspace.folder("logs") / f"job-{context.job.id}.log"
        handler = logging.FileHandler(path, delay=True)
        handler.setFormatter(logging.Formatter(LINE))
        mine = threading.current_thread().name
        handler.addFilter(lambda entry: entry.threadName == mine)
        logging.getLogger().addHandler(handler)
        try:
            carry_out(lambda: kind.run(context.job, context), context, self._queue)
        except TriptychError as error:
            run.found_the_disk_full = isinstance(error, NoSpace)
            log.exception("Job %s could not write its end.", context.job.id)
        finally:
            logging.getLogger().removeHandler(handler)
            handler.close()
