"""The worker of a workspace: claims jobs, starts them, looks after them, and mends what a crash left behind."""

import json
import logging
import os
import shutil
import signal
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from types import FrameType

from jobs.executors.carrying import begin_logging, resume_after_full_disk
from jobs.executors.devices import devices
from jobs.executors.leftovers import remove_ended_checkpoints, remove_leftovers
from jobs.executors.processes import CHILD, ProcessExecutor
from jobs.executors.threads import ThreadExecutor
from jobs.executors.watching import Place, Timing, Watched
from jobs.kinds import KINDS, Kind
from jobs.queue import Queue, Slot, rescue
from storage.errors import NotAllowed, TriptychError
from storage.files import write_atomically
from storage.locks import JOB_LOCK, Lock, Locks
from storage.settings import Settings
from storage.workspace import Workspace

log = logging.getLogger(__name__)

LIGHT_PLACES = ("light:0", "light:1")
OUT_OF_TOUCH_S = 40.0
_WORKER_LOCK = "worker"
_START_TRIES = 10
_START_AGAIN_S = 0.1
_AFTER_FAULT_S = 1.0


class Worker:
    """One a workspace. Everything happens in `tick`, in the main thread; jobs run beside it."""

    def __init__(
        self,
        workspace: Workspace,
        places: Sequence[str],
        *,
        kinds: Mapping[str, Kind] = KINDS,
        child: str = CHILD,
        timing: Timing | None = None,
    ) -> None:
        self._workspace = workspace
        self._queue = Queue(workspace.database, workspace.clock)
        self.locks = Locks(workspace.folder("locks"))
        self._kinds = kinds
        self._timing = timing or Timing()
        self._id = str(uuid.uuid4())
        host = self.locks.host()
        self.slots = [Slot(host, place) for place in (*places, *LIGHT_PLACES)]
        self._process = ProcessExecutor(self._queue, workspace.folder("logs"), child)
        self._thread = ThreadExecutor(workspace, self._queue)
        self._watched: list[Watched] = []
        self._mended_at = float("-inf")
        self.stopping = threading.Event()

    def run(self) -> None:
        """Work until `stopping` is set, then put back in line what still runs; NotAllowed beside another worker."""
        with self._alone():
            rescue(self._workspace)
            self._queue.offer(self.slots)
            remove_leftovers(self._workspace, self._queue, self.locks)
            while not self.stopping.is_set():
                self.tick()
                time.sleep(self._timing.tick_s)
            self._let_go()

    def tick(self) -> None:
        """Mend, look after what runs, start what can start. A database that does not answer is asked again later."""
        try:
            self._mend()
            stops = self.stopping.is_set()
            self._watched = [job for job in self._watched if job.look(self._queue, worker_stops=stops)]
            if not stops:
                self._start_jobs()
        except TriptychError as error:
            log.warning("%s", error)
            time.sleep(_AFTER_FAULT_S)
            if not self._workspace.database.is_sqlite:
                for job in self._watched:
                    job.out_of_touch(OUT_OF_TOUCH_S)

    def _let_go(self) -> None:
        until = time.monotonic() + 2 * self._timing.stop_s
        while self._watched and time.monotonic() < until:
            self.tick()
            time.sleep(self._timing.tick_s)

    def _mend(self) -> None:
        if time.monotonic() - self._mended_at < self._timing.rescue_s:
            return
        self._mended_at = time.monotonic()
        for rescued in rescue(self._workspace):
            log.info("Job %s had lost its worker; it is %s now.", rescued.job.id, rescued.state)
        remove_ended_checkpoints(self._workspace, self._queue)
        if resume_after_full_disk(self._queue, shutil.disk_usage(self._workspace.home).free):
            log.info("There is space again; jobs go on.")

    def _start_jobs(self) -> None:
        busy = {job.place.slot for job in self._watched}
        for slot in self.slots:
            if slot not in busy:
                for job_id in self._queue.candidates(slot.lane, self._kinds):
                    if self._start(job_id, slot):
                        break

    def _start(self, job_id: str, slot: Slot) -> bool:
        """Claim the job and start it; False where it can't start now. All locks come before the row says it runs."""
        with ExitStack() as held:
            # One for each card: where cards were put together otherwise before, an old job may hold one of them.
            locks = [*(self.locks.take(f"slot-{part}") for part in slot.parts), self._job_lock(job_id)]
            for lock in locks:
                if lock is not None:
                    held.callback(lock.release)
            taken = [lock for lock in locks if lock is not None]
            job = self._queue.claim(job_id, slot, self._id) if len(taken) == len(locks) else None
            if job is None:
                return False
            kind = self._kinds[job.kind]
            run = (self._process if kind.own_process else self._thread).start(job, kind, taken)
            self._watched.append(Watched(job, run, Place(self._workspace.home, slot, taken), self._timing))
            held.pop_all()
        log.info("Job %s (%s) started on %s.", job.id, job.kind, slot.device)
        return True

    def _job_lock(self, job_id: str) -> Lock | None:
        return self.locks.take(JOB_LOCK + job_id)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Be the one worker of this workspace, and say so in a file while it lasts."""
        lock = self.locks.take(_WORKER_LOCK)
        for _ in range(_START_TRIES):
            if lock is None:  # someone may only be looking whether a worker is there
                time.sleep(_START_AGAIN_S)
                lock = self.locks.take(_WORKER_LOCK)
        if lock is None:
            raise NotAllowed("A worker already serves this workspace.", "Use it, or stop it before you start another.")
        path = self._workspace.folder("run") / "worker.json"
        facts = {"pid": os.getpid(), "started_at": self._workspace.clock()}
        write_atomically(path, json.dumps(facts).encode())
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
            lock.release()


def main(kinds: Mapping[str, Kind] = KINDS, child: str = CHILD, timing: Timing | None = None) -> int:
    """Serve the workspace of the environment until SIGTERM or Ctrl-C; the exit code is 1 where it can't."""
    begin_logging()
    try:
        workspace = Workspace.open(Settings())
        places = devices(os.environ, workspace.settings.gpus_per_training)
        worker = Worker(workspace, places, kinds=kinds, child=child, timing=timing)

        def stop(_number: int, _frame: FrameType | None) -> None:
            worker.stopping.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        worker.run()
    except TriptychError as error:
        log.error("%s %s", error, error.next_step)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
