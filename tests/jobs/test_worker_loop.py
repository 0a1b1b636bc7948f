"""The worker's loop in this very process: what it starts, how many at once, and that a fault does not end it."""

import logging
import time
from collections.abc import Callable

import pytest

from jobs.queue import Queue
from jobs.worker import Worker
from storage.records import Job, JobState
from storage.workspace import Workspace
from tests.faults.stub import STUBS, TIMING, LightStub, Stub, journal


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    return Queue(workspace.database, workspace.clock)


def _worker(workspace: Workspace, queue: Queue) -> Worker:
    worker = Worker(workspace, ["cpu:0"], kinds=STUBS, child="tests.faults.stub", timing=TIMING)
    queue.offer(worker.slots)
    return worker


def _tick_until(worker: Worker, true: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until
        worker.tick()
        time.sleep(0.02)


def _states(queue: Queue, jobs: list[Job]) -> list[JobState]:
    return [queue.get(job.id).state for job in jobs]


def test_two_light_jobs_run_beside_each_other_and_the_third_waits(workspace: Workspace, queue: Queue) -> None:
    jobs = [queue.enqueue(LightStub(how="steps", seconds=0.5), key) for key in "abc"]
    worker = _worker(workspace, queue)
    worker.tick()
    assert _states(queue, jobs) == [JobState.RUNNING, JobState.RUNNING, JobState.QUEUED]
    _tick_until(worker, lambda: all(state is JobState.SUCCEEDED for state in _states(queue, jobs)))
    assert [note["job"] for note in journal(workspace.home) if note["what"] == "start"][2] == jobs[2].id


def test_a_job_whose_lock_is_still_held_is_left_and_the_next_one_starts(workspace: Workspace, queue: Queue) -> None:
    first, second = (queue.enqueue(LightStub(), key) for key in "ab")
    worker = _worker(workspace, queue)
    lock = worker.locks.take(f"job-{first.id}")
    assert lock is not None
    _tick_until(worker, lambda: queue.get(second.id).state is JobState.SUCCEEDED)
    assert queue.get(first.id).fence == 0
    lock.release()
    _tick_until(worker, lambda: queue.get(first.id).state is JobState.SUCCEEDED)


def test_a_place_of_two_cards_is_free_when_both_are(workspace: Workspace, queue: Queue) -> None:
    job = queue.enqueue(Stub(), "a")
    worker = Worker(workspace, ["cuda:0,1"], kinds=STUBS, child="tests.faults.stub", timing=TIMING)
    queue.offer(worker.slots)
    held = worker.locks.take("slot-cuda:1")
    assert held is not None
    worker.tick()
    assert queue.get(job.id).state is JobState.QUEUED
    assert not worker.locks.held("slot-cuda:0"), "what was taken for nothing is given back"
    held.release()
    _tick_until(worker, lambda: queue.get(job.id).state is JobState.SUCCEEDED)
    _tick_until(worker, lambda: not worker.locks.held("slot-cuda:1"))


def test_a_kind_it_does_not_know_is_left_waiting(workspace: Workspace, queue: Queue) -> None:
    unknown = queue.enqueue(Stub(), "a")
    worker = Worker(workspace, ["cpu:0"], kinds={"light-stub": STUBS["light-stub"]}, timing=TIMING)
    queue.offer(worker.slots)
    worker.tick()
    assert queue.get(unknown.id).state is JobState.QUEUED


def test_a_database_that_does_not_answer_does_not_end_the_worker(
    workspace: Workspace, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    worker = _worker(workspace, queue)
    database = workspace.home / "triptych.db"
    workspace.close()
    away = database.rename(database.with_suffix(".away"))
    database.mkdir()
    with caplog.at_level(logging.WARNING):
        worker.tick()
    assert caplog.messages != []
    database.rmdir()
    away.rename(database)
    job = queue.enqueue(LightStub(), "a")
    _tick_until(worker, lambda: queue.get(job.id).state is JobState.SUCCEEDED)
