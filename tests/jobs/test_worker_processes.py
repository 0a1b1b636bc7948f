"""A job's child process: it holds the locks as long as it lives, and leaves nothing behind."""

import time
from collections.abc import Callable

import psutil
import pytest

from jobs.executors.processes import ProcessExecutor, ProcessRun
from jobs.queue import Queue
from storage.locks import Locks
from storage.records import JobState
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.faults.stub import STUBS, How, Stub


@pytest.fixture
def locks(workspace: Workspace) -> Locks:
    return Locks(workspace.folder("locks"))


def _start(workspace: Workspace, locks: Locks, how: How) -> tuple[str, ProcessRun]:
    """Start such a job in a child process, and give back the worker's own hold of its lock."""
    queue = Queue(workspace.database, workspace.clock)
    job = claimed_context(workspace, Stub(how=how, seconds=60)).job
    lock = locks.take("job")
    assert lock is not None
    executor = ProcessExecutor(queue, workspace.folder("logs"), "tests.faults.stub")
    run = executor.start(job, STUBS["stub"], [lock])
    lock.release()
    return job.id, run


def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_child_holds_the_lock_until_it_is_gone(workspace: Workspace, locks: Locks) -> None:
    _, run = _start(workspace, locks, "deaf")
    assert run.alive()
    assert locks.held("job")
    run.kill()
    _until(lambda: not run.alive())
    assert not locks.held("job")
    assert run.cause() == "died"
    run.stop()
    run.kill()


def test_of_several_cards_the_child_sees_the_first(workspace: Workspace) -> None:
    queue = Queue(workspace.database, workspace.clock)
    context = claimed_context(workspace, Stub(how="deaf", seconds=60), "cuda:3,5")
    assert (context.device, context.cards) == ("cuda:3,5", ["3", "5"])
    run = ProcessExecutor(queue, workspace.folder("logs"), "tests.faults.stub").start(context.job, STUBS["stub"], [])
    assert psutil.Process(run._process.pid).environ()["CUDA_VISIBLE_DEVICES"] == "3"  # pyright: ignore[reportPrivateUsage]
    run.kill()
    _until(lambda: not run.alive())


def test_what_a_job_started_ends_with_it_and_its_words_are_in_its_log(workspace: Workspace, locks: Locks) -> None:
    job_id, run = _start(workspace, locks, "leave behind")
    _until(lambda: not run.alive())
    row = Queue(workspace.database, workspace.clock).get(job_id)
    assert row.state is JobState.SUCCEEDED
    _until(lambda: not psutil.pid_exists(row.result["pid"]) or not locks.held("job"))
    assert not locks.held("job")
    assert (workspace.home / "logs" / f"job-{job_id}.log").exists()
