"""Jobs whose process is gone: proven by a lock, told apart by cause, given up when hopeless."""

from collections.abc import Iterator

import pytest

from jobs.queue import Progress, Queue, Slot, rescue
from jobs.queue.owning import LEASE_S, Cell
from jobs.queue.rescuing import Held, delay_s
from jobs.requests import Train
from storage.locks import JOB_LOCK, Locks
from storage.records import Job, JobState
from storage.run_records import Checkpoint
from storage.settings import Settings
from storage.workspace import Workspace
from tests.clock import Clock

SLOT = Slot("here", "cpu:0")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(either_settings: Settings, clock: Clock) -> Iterator[Queue]:
    workspace = Workspace.open(either_settings, clock)
    queue = Queue(workspace.database, clock)
    queue.offer([SLOT])
    yield queue
    workspace.close()


@pytest.fixture
def locks(queue: Queue, either_settings: Settings) -> Locks:
    return Locks(either_settings.home / "locks")


def _claim(queue: Queue, clock: Clock, job_id: str | None = None) -> Job:
    clock.now += 3600
    job = queue.claim(job_id or queue.enqueue(Train(dataset_id="d"), "k").id, SLOT, "w")
    assert job is not None
    return job


def _free(_job_id: str) -> Held:
    class Nothing:
        def release(self) -> None:
            return

    return Nothing()


def test_a_job_whose_lock_is_held_is_alive_whatever_the_clock_says(queue: Queue, locks: Locks, clock: Clock) -> None:
    job = _claim(queue, clock)
    lock = locks.take(job.id)
    assert lock is not None
    for jump in (3600.0, -3600.0, 86_400.0, -86_400.0):
        clock.now += jump
        assert queue.recover("here", locks.take) == []
    lock.release()
    assert [(rescued.job.id, rescued.state) for rescued in queue.recover("here", locks.take)] == [
        (job.id, JobState.QUEUED)
    ]
    assert not locks.held(job.id)
    assert queue.recover("here", locks.take) == []


def test_a_cancelled_job_without_a_worker_is_confirmed(queue: Queue, clock: Clock) -> None:
    job = _claim(queue, clock)
    queue.request_cancel(job.id)
    assert [rescued.state for rescued in queue.recover("here", _free)] == [JobState.CANCELLED]
    assert queue.get(job.id).state is JobState.CANCELLED


def test_of_another_host_only_the_end_of_its_lease_tells(queue: Queue, clock: Clock) -> None:
    job = _claim(queue, clock)
    clock.now += LEASE_S + 14
    assert queue.recover("elsewhere", _free) == []
    clock.now += 2
    assert [rescued.job.id for rescued in queue.recover("elsewhere", _free)] == [job.id]


def test_a_lost_worker_is_no_fault_of_the_job_however_often(queue: Queue, clock: Clock) -> None:
    job = _claim(queue, clock)
    for _ in range(9):
        queue.recover("here", _free)
        assert queue.get(job.id).state is JobState.QUEUED
        job = _claim(queue, clock, job.id)
    assert (job.fence, job.attempt) == (10, 1)


def test_after_a_first_loss_a_job_starts_again_in_a_moment(queue: Queue, clock: Clock) -> None:
    job = _claim(queue, clock)
    queue.recover("here", _free)
    assert list(queue.candidates("device", ["train"])) == []
    clock.now += 1
    assert list(queue.candidates("device", ["train"])) == [job.id]


def test_a_scoring_that_gets_on_is_never_made_to_wait(queue: Queue, clock: Clock) -> None:
    job = _claim(queue, clock)
    for row in range(6):
        assert queue.keep_cell(job, Cell("base", row, {}, clock.now + 1))
        clock.now += 2
        (rescued,) = queue.recover("here", _free)
        clock.now += 2
        again = queue.claim(rescued.job.id, SLOT, "w")
        assert again is not None, f"after loss {row + 1} it waits"
        job = again


def test_dying_three_times_at_the_same_step_is_poison(queue: Queue, clock: Clock) -> None:
    job = _claim(queue, clock)
    for _ in range(2):
        queue.report(job, Progress(step=7))
        assert queue.died(job, "died")
        job = _claim(queue, clock, job.id)
    queue.report(job, Progress(step=7))
    assert queue.died(job, "died")
    row = queue.get(job.id)
    assert (row.state, row.failure_kind) == (JobState.FAILED, "poison")
    assert "step 7" in row.failure_text


def test_dying_at_ever_other_steps_ends_unless_checkpoints_show_that_it_gets_on(queue: Queue, clock: Clock) -> None:
    job = _claim(queue, clock)
    for step in range(4):
        queue.report(job, Progress(step=step))
        assert queue.died(job, "hung")
        job = _claim(queue, clock, job.id)
    queue.keep_checkpoint(Checkpoint(job.id, 4, job.fence, "p", "m", clock.now))
    for step in range(4, 9):
        queue.report(job, Progress(step=step))
        queue.died(job, "died")
        assert queue.get(job.id).state is JobState.QUEUED
        job = _claim(queue, clock, job.id)
    queue.report(job, Progress(step=10))
    queue.died(job, "died")
    assert queue.get(job.id).failure_kind == "interrupted"


def test_memory_that_runs_out_is_asked_for_less_of_and_told_when_that_does_not_help(queue: Queue, clock: Clock) -> None:
    job = _claim(queue, clock)
    for halvings in (1, 2, 3):
        queue.died(job, "killed for memory")
        job = _claim(queue, clock, job.id)
        assert job.result == {"halvings": halvings}
    queue.died(job, "killed for memory")
    row = queue.get(job.id)
    assert (row.failure_kind, row.failure_next_step != "") == ("host_oom", True)
    assert "4 times" in row.failure_text


def test_a_job_that_is_being_cancelled_does_not_come_back(queue: Queue, clock: Clock) -> None:
    job = _claim(queue, clock)
    queue.request_cancel(job.id)
    assert not queue.died(job, "died")
    assert queue.confirm_cancelled(job)


@pytest.mark.parametrize("jump_s", [3600.0, 86_400.0, -3600.0, -86_400.0])
def test_a_clock_that_is_set_holds_up_no_waiting_job(queue: Queue, clock: Clock, jump_s: float) -> None:
    job = _claim(queue, clock)
    assert queue.died(job, "died")
    assert queue.candidates("device", ["train"]) == []
    clock.now += jump_s
    assert queue.candidates("device", ["train"]) == [job.id]
    assert _claim(queue, Clock(clock.now), job.id).fence == 2


def test_delays_double_up_to_a_quarter_of_an_hour() -> None:
    assert delay_s(1) == 1.0
    assert 24 <= delay_s(2) <= 36
    assert 48 <= delay_s(3) <= 72
    assert 720 <= delay_s(50) <= 1080


def test_a_cancel_is_confirmed_with_no_worker_anywhere(workspace: Workspace) -> None:
    queue, locks = Queue(workspace.database, workspace.clock), Locks(workspace.folder("locks"))
    slot = Slot(locks.host(), "cpu:0")
    queue.offer([slot])
    job = queue.claim(queue.enqueue(Train(dataset_id="d"), "k").id, slot, "w")
    assert job is not None
    lock = locks.take(JOB_LOCK + job.id)
    assert lock is not None
    queue.request_cancel(job.id)
    assert rescue(workspace) == []
    lock.release()
    assert [rescued.state for rescued in rescue(workspace)] == [JobState.CANCELLED]
