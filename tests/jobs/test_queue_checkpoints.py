"""The rows of checkpoints: where a new attempt begins, and who may forget them."""

from collections.abc import Iterator

import pytest

from jobs.queue import Failure, Progress, Queue, Slot
from jobs.requests import Train
from storage.records import Job
from storage.run_records import Checkpoint
from storage.settings import Settings
from storage.workspace import Workspace

SLOT = Slot("here", "cpu:0")
TRAIN = Train(dataset_id="d")


@pytest.fixture
def queue(either_settings: Settings) -> Iterator[Queue]:
    workspace = Workspace.open(either_settings)
    queue = Queue(workspace.database, workspace.clock)
    queue.offer([SLOT])
    yield queue
    workspace.close()


def claim(queue: Queue, job_id: str) -> Job:
    job = queue.claim(job_id, SLOT, "w")
    assert job is not None
    return job


def keep(queue: Queue, job: Job, *steps: int) -> None:
    for step in steps:
        assert queue.keep_checkpoint(Checkpoint(job.id, step, job.fence, f"checkpoints/s{step}", "m", float(step)))


def steps(queue: Queue, job: Job) -> list[int]:
    return [kept.step for kept in queue.checkpoints(job.id)]


def test_a_new_attempt_stands_at_the_furthest_checkpoint_and_not_at_nothing(queue: Queue) -> None:
    job = claim(queue, queue.enqueue(TRAIN, "k").id)
    queue.report(job, Progress("train", 17, 40, 9.0))
    keep(queue, job, 10, 15)
    queue.interrupt(job, "its worker was stopped")
    again = claim(queue, job.id)
    assert (again.phase, again.step, again.total_steps, again.seconds_left) == ("", 15, 40, None)


def test_the_checkpoints_of_another_job_say_nothing(queue: Queue) -> None:
    other = claim(queue, queue.enqueue(TRAIN, "other").id)
    keep(queue, other, 10)
    queue.interrupt(other, "its worker was stopped")
    job = claim(queue, queue.enqueue(TRAIN, "k").id)
    assert (job.step, job.total_steps) == (0, 0)


def test_the_owner_forgets_one_and_nobody_else_does(queue: Queue) -> None:
    old = claim(queue, queue.enqueue(TRAIN, "k").id)
    keep(queue, old, 5, 10)
    first = queue.checkpoints(old.id)[1]
    queue.interrupt(old, "lost")
    new = claim(queue, old.id)
    assert not queue.drop_checkpoint(old, first)
    assert steps(queue, new) == [10, 5]
    assert queue.drop_checkpoint(new, first)
    assert steps(queue, new) == [10]


def test_the_same_step_of_two_attempts_is_two_checkpoints(queue: Queue) -> None:
    old = claim(queue, queue.enqueue(TRAIN, "k").id)
    keep(queue, old, 5)
    queue.interrupt(old, "lost")
    new = claim(queue, old.id)
    keep(queue, new, 5)
    newest, oldest = queue.checkpoints(new.id)
    assert (newest.fence, oldest.fence) == (2, 1)
    assert queue.drop_checkpoint(new, oldest)
    assert list(queue.checkpoints(new.id)) == [newest]


def test_those_of_ended_jobs_are_forgotten_and_no_others(queue: Queue) -> None:
    going_on = claim(queue, queue.enqueue(TRAIN, "a").id)
    keep(queue, going_on, 5)
    queue.interrupt(going_on, "its worker was stopped")
    failed = claim(queue, queue.enqueue(TRAIN, "b").id)
    keep(queue, failed, 5)
    queue.fail(failed, Failure("poison", "It stopped.", "Try others."))
    taken_out = claim(queue, queue.enqueue(TRAIN, "c").id)
    keep(queue, taken_out, 5)
    queue.interrupt(taken_out, "its worker was stopped")
    queue.request_cancel(taken_out.id)
    queue.forget_checkpoints()
    assert [steps(queue, job) for job in (going_on, failed, taken_out)] == [[5], [], []]
