"""Heavy jobs: each in a child process of the worker, in a session of its own, dying with the worker."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from jobs.executors.carrying import FULL_DISK
from jobs.executors.dying import memory_kills
from jobs.kinds import Kind
from jobs.queue import Queue
from jobs.queue.rescuing import End
from storage.errors import OurFault
from storage.failpoints import reach
from storage.locks import Lock
from storage.records import Job

CHILD = "jobs.executors.child"


class ProcessRun:
    """A job in a child process and whatever that started."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._memory_kills = memory_kills()

    def alive(self) -> bool:
        """Whether the child runs; once it has ended, what it left running in its session is ended, too."""
        if self._process.returncode is not None:
            return False
        if self._process.poll() is None:
            return True
        self._signal_all(signal.SIGKILL)
        return False

    def cause(self) -> End:
        """Whether the child found the disk full, or the system ended it because memory ran out."""
        if self._process.returncode == FULL_DISK:
            return "disk full"
        killed = self._process.returncode == -signal.SIGKILL
        return "killed for memory" if killed and memory_kills() > self._memory_kills else "died"

    def stop(self) -> None:
        """Ask the child to stop; only the child, which tells its own children."""
        if self._process.poll() is None:
            self._process.terminate()

    def kill(self) -> None:
        """End the child and everything in its session."""
        if self.alive():
            self._signal_all(signal.SIGKILL)

    def _signal_all(self, number: signal.Signals) -> None:
        # The child leads its process group, whose id stays taken while anything is left in it.
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            return


class ProcessExecutor:
    """Starts jobs in child processes; `module` is what they run."""

    def __init__(self, queue: Queue, logs: Path, module: str = CHILD) -> None:
        self._queue = queue
        self._logs = logs
        self._module = module

    def start(self, job: Job, kind: Kind, locks: Sequence[Lock]) -> ProcessRun:
        """Start the job. The child inherits the locks, so they are free only when it is gone, too.

        Call it from the worker's main thread: the kernel ties the child's life to the thread that started it.
        """
        command = [sys.executable, "-m", self._module, job.id, str(job.fence), str(os.getpid())]
        try:
            reach("spawn.before")
            with (self._logs / f"job-{job.id}.log").open("ab") as log:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, **_device_environment(self._queue.device(job))},
                    pass_fds=[lock.descriptor for lock in locks],
                    start_new_session=True,
                )
        except OSError as error:
            raise OurFault(f"Job {job.id} could not be started; it is tried again.") from error
        reach("spawn.after")
        return ProcessRun(process)


def _device_environment(device: str) -> dict[str, str]:
    """Let the child see one card only: with several, a training gives each of the others a process of its own."""
    name, _, numbers = device.partition(":")
    first = numbers.split(",")[0]
    return {"PYTHONUNBUFFERED": "1", **({"CUDA_VISIBLE_DEVICES": first} if name == "cuda" else {})}
