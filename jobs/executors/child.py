"""One claimed job in a process of its own: `python -m jobs.executors.child JOB_ID FENCE PARENT_PID`."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from types import FrameType

from jobs.context import Interrupted, JobContext, Made
from jobs.executors.carrying import FULL_DISK, begin_logging, carry_out
from jobs.kinds import KINDS, Kind
from jobs.queue import Queue
from storage.errors import NoSpace
from storage.failpoints import reach
from storage.orphans import die_with
from storage.records import JobState
from storage.settings import Settings
from storage.workspace import Workspace

log = logging.getLogger(__name__)

NICENESS = 10
_TIME_TO_LISTEN_S = 5


def main(arguments: Sequence[str], kinds: Mapping[str, Kind] = KINDS) -> int:
    """Carry out the job if this claim still holds; the exit code says only whether the row was settled.

    FULL_DISK tells that it was not, because there was no space.
    """
    job_id, fence, parent = arguments
    die_with(int(parent))
    begin_logging()
    try:
        _carry_out(job_id, int(fence), kinds)
    except NoSpace:
        log.exception("Job %s could not write its end.", job_id)
        return FULL_DISK
    return 0


def _carry_out(job_id: str, fence: int, kinds: Mapping[str, Kind]) -> None:
    workspace = Workspace.open(Settings())
    try:
        queue = Queue(workspace.database, workspace.clock)
        job = queue.get(job_id)
        if job.fence != fence or job.state not in {JobState.RUNNING, JobState.CANCELLING}:
            log.warning("Job %s went on elsewhere before it started here.", job_id)
            return
        kind = kinds[job.kind]
        if kind.lane == "device":
            os.nice(NICENESS)
        context = JobContext(workspace, queue, job, stopping := threading.Event())
        reach("child.start")
        carry_out(lambda: _interruptible(kind, context, stopping), context, queue)
        reach("child.end")
    finally:
        workspace.close()


def _interruptible(kind: Kind, context: JobContext, stopping: threading.Event) -> Made:
    """Run the job; on SIGTERM it has a few seconds to listen to its context, then it is interrupted where it stands.

    One that has listened may use what is left of the worker's patience to keep what it has.
    """

    def told(_number: int, _frame: FrameType | None) -> None:
        stopping.set()
        signal.alarm(_TIME_TO_LISTEN_S)

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if not context.heard:
            raise Interrupted

    signal.signal(signal.SIGALRM, interrupt)
    signal.signal(signal.SIGTERM, told)
    try:
        return kind.run(context.job, context)
    finally:
        # From here on the row is settled, which must not be cut short.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.alarm(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
