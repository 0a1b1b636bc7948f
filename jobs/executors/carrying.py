"""One job from its start to its settled row: call its function, and turn whatever comes out into one transition."""

import errno
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from jobs.context import Cancelled, Interrupted, JobContext, Made, OutOfDeviceMemory
from jobs.queue import Failure, Queue
from storage.errors import ClaimLost, Damaged, ModelUnavailable, NoSpace, TriptychError, UserFault

log = logging.getLogger(__name__)

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Drivers and allocators say so in a RuntimeError of no class of its own.
_SIGNS_OF_NO_MEMORY = (
    "CUDA out of memory",
    "HIP out of memory",
    "XPU out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "can't allocate memory",
)
FULL = "the disk was full"
# Four halvings of the rows that go through at once, then two of the longest example.
_MEMORY_ATTEMPTS = 7
_SERVER_ATTEMPTS = 5
_SERVER_DELAY_S = 5.0
_GIB = 1024**3
_DISK = "disk:"
FULL_DISK = errno.ENOSPC  # the exit code of a child that found no space even for its end
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (UserFault, "user_error"),
    (ModelUnavailable, "model_unavailable"),
    (OutOfDeviceMemory, "cuda_oom"),
    (Damaged, "damaged"),
    (TriptychError, "our_fault"),
)


def begin_logging() -> None:
    """Log what happens to standard error, with its time."""
    logging.basicConfig(level=logging.INFO, format=LINE)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def carry_out(work: Callable[[], Made], context: JobContext, queue: Queue) -> None:
    """Do the work and settle the job's row by what came of it. Nothing is raised but a database that fails."""
    job = context.job
    try:
        made = work()
        context.close()
    except Cancelled:
        log.info("Job %s was cancelled.", job.id)
        settled = queue.confirm_cancelled(job)
    except Interrupted:
        log.info("Job %s was interrupted.", job.id)
        settled = queue.interrupt(job, "its worker was stopped")
    except ClaimLost:
        log.warning("Job %s went on elsewhere.", job.id)
        return
    except Exception as error:
        # The edge of the job: every fault becomes its row's failure.
        log.exception("Job %s did not succeed.", job.id)
        settled = _settle(error, context, queue)
    else:
        settled = queue.finish(
            job, result=made.result, adapter=made.adapter, scorecard=made.scorecard, stop_reason=made.stop_reason
        )
    if not settled and not queue.confirm_cancelled(job):
        log.warning("Job %s had gone on elsewhere; what it made does not count.", job.id)


def pause_for_space(queue: Queue, home: Path) -> None:
    """Start no more jobs until there is clearly more space than now, which was not enough."""
    usage = shutil.disk_usage(home)
    queue.pause(f"{_DISK}{usage.free + min(_GIB, usage.total // 10)}")


def resume_after_full_disk(queue: Queue, free_bytes: int) -> bool:
    """Start jobs again if they wait for space and there is enough of it now; whether they were started again."""
    reason = queue.paused()
    if reason is None or not reason.startswith(_DISK) or free_bytes < int(reason.removeprefix(_DISK)):
        return False
    queue.resume()
    return True


def _settle(error: Exception, context: JobContext, queue: Queue) -> bool:
    job = context.job
    if isinstance(error, NoSpace) or (isinstance(error, OSError) and error.errno == errno.ENOSPC):
        pause_for_space(queue, context.workspace.home)
        return queue.interrupt(job, FULL)
    if _is_out_of_memory(error):
        if job.attempt < _MEMORY_ATTEMPTS:
            return queue.again(job, "out of memory", after_s=0, result={"halvings": context.halvings + 1})
        return queue.fail(job, _no_memory(context.device))
    if isinstance(error, ModelUnavailable) and job.attempt < _SERVER_ATTEMPTS:
        return queue.again(job, "the model server was away", after_s=_SERVER_DELAY_S * 2 ** (job.attempt - 1))
    return queue.fail(job, failure_of(error))


def failure_of(error: Exception) -> Failure:
    """Return what a person is told: the error's own sentence, or for one nobody foresaw that it is not theirs."""
    for fault, kind in _KINDS:
        if isinstance(error, fault) and isinstance(error, TriptychError):
            return Failure(kind, str(error), error.next_step)
    return Failure(
        "internal",
        "Something inside went wrong; your data is unharmed.",
        "Press Retry. If it happens again, run `triptych doctor` and report what the job's log says.",
    )


def _is_out_of_memory(error: Exception) -> bool:
    if isinstance(error, OutOfDeviceMemory | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in _SIGNS_OF_NO_MEMORY)


def _no_memory(device: str) -> Failure:
    if device.startswith("cuda"):
        return Failure("cuda_oom", "The graphics card ran out of memory.", OutOfDeviceMemory.next_step)
    return Failure("host_oom", "The computer ran out of memory.", OutOfDeviceMemory.next_step)
