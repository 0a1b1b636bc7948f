"""Whatever comes out of a job becomes one transition of its row, with words a person can act on."""

import errno
import shutil
from collections.abc import Callable

import pytest

from jobs.context import Cancelled, Interrupted, JobContext, Made, OutOfDeviceMemory
from jobs.executors.carrying import carry_out, resume_after_full_disk
from jobs.queue import Queue
from jobs.requests import Train
from storage.errors import ClaimLost, Damaged, ModelUnavailable, NoSpace, OurFault, UserFault
from storage.records import Job, JobState
from storage.workspace import Workspace
from tests.claimed import claimed_again, claimed_context

TRAIN = Train(dataset_id="d")


@pytest.fixture
def context(workspace: Workspace) -> JobContext:
    return claimed_context(workspace, TRAIN)


def _queue(context: JobContext) -> Queue:
    return Queue(context.workspace.database, context.workspace.clock)


def _carry(context: JobContext, error: BaseException | None = None, before: Callable[[], object] | None = None) -> Job:
    def work() -> Made:
        if before is not None:
            before()
        if error is not None:
            raise error
        return Made({"made": 1}, stop_reason="kept")

    carry_out(work, context, _queue(context))
    return _queue(context).get(context.job.id)


def test_what_was_made_is_kept(context: JobContext) -> None:
    row = _carry(context)
    assert (row.state, row.result, row.stop_reason) == (JobState.SUCCEEDED, {"made": 1}, "kept")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (UserFault("Too few rows.", "Add rows."), "user_error"),
        (Damaged("A file is damaged.", "Add rows."), "damaged"),
        (OurFault("It does not work.", "Add rows."), "our_fault"),
    ],
)
def test_a_foreseen_fault_is_told_in_its_own_words(context: JobContext, error: Exception, kind: str) -> None:
    row = _carry(context, error)
    assert (row.state, row.failure_kind) == (JobState.FAILED, kind)
    assert (row.failure_text, row.failure_next_step) == (str(error), "Add rows.")


def test_a_fault_nobody_foresaw_shows_no_insides(context: JobContext) -> None:
    row = _carry(context, ZeroDivisionError("secret /path/to/file"))
    assert (row.state, row.failure_kind) == (JobState.FAILED, "internal")
    assert row.failure_text.startswith("Something inside went wrong")
    assert "secret" not in row.failure_text + row.failure_next_step


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory"),
        OutOfDeviceMemory("There is not enough memory."),
        MemoryError(),
    ],
)
def test_memory_that_runs_out_halves_the_rows_at_a_time_until_it_gives_up(
    context: JobContext, error: Exception
) -> None:
    for halvings in range(1, 7):
        row = _carry(context, error)
        assert (row.state, row.result) == (JobState.QUEUED, {"halvings": halvings})
        context = claimed_again(context.workspace, row, TRAIN)
        assert context.halvings == halvings
    row = _carry(context, error)
    assert (row.state, row.failure_kind) == (JobState.FAILED, "host_oom")
    assert "fewer rows" in row.failure_next_step


def test_a_model_server_that_is_away_is_waited_for(context: JobContext) -> None:
    row = _carry(context, ModelUnavailable("The model server does not answer."))
    assert (row.state, row.attempt) == (JobState.QUEUED, 1)
    assert _queue(context).events(row.id)[-1].reason == "the model server was away"


@pytest.mark.parametrize("error", [NoSpace("The disk is full."), OSError(errno.ENOSPC, "No space left on device")])
def test_a_full_disk_pauses_the_queue_until_there_is_more_space(context: JobContext, error: Exception) -> None:
    row, queue = _carry(context, error), _queue(context)
    free = shutil.disk_usage(context.workspace.home).free
    assert (row.state, row.attempt) == (JobState.QUEUED, 0)
    assert (queue.paused() or "").startswith("disk:")
    assert not resume_after_full_disk(queue, free)
    assert resume_after_full_disk(queue, free + 2 * 1024**3)
    assert queue.paused() is None
    assert not resume_after_full_disk(queue, free)


def test_a_pause_for_another_reason_is_left_alone(context: JobContext) -> None:
    _queue(context).pause("upkeep")
    assert not resume_after_full_disk(_queue(context), 1024**5)
    assert _queue(context).paused() == "upkeep"


def test_an_interruption_puts_the_job_back(context: JobContext) -> None:
    assert _carry(context, Interrupted()).state is JobState.QUEUED


@pytest.mark.parametrize("error", [None, Cancelled(), Interrupted(), UserFault("x"), NoSpace("x"), ValueError("x")])
def test_a_job_that_was_to_be_cancelled_is_cancelled_however_it_ends(
    context: JobContext, error: BaseException | None
) -> None:
    row = _carry(context, error, before=lambda: _queue(context).request_cancel(context.job.id))
    assert (row.state, row.failure_kind, row.result) == (JobState.CANCELLED, "", {})


@pytest.mark.parametrize("error", [None, ClaimLost("It goes on elsewhere."), ValueError("x"), Interrupted()])
def test_a_lost_claim_changes_nothing(context: JobContext, error: BaseException | None) -> None:
    def lose() -> None:
        _queue(context).interrupt(context.job, "lost")
        claimed_again(context.workspace, context.job, TRAIN)

    row = _carry(context, error, before=lose)
    assert (row.state, row.fence) == (JobState.RUNNING, 2)
