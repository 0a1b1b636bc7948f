"""Ends of every kind: no process outlives its worker, every cancel is confirmed in time, poison harms no other job."""

import os
import random
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess

import psutil
import pytest

from jobs.queue import Queue, rescue
from storage.records import Job, JobState
from storage.workspace import Workspace
from tests.faults.forked import fork_server, start_worker
from tests.faults.judging import faults
from tests.faults.lanes import FULL, lane, tell
from tests.faults.stub import LightStub, Stub, journal

pytestmark = pytest.mark.alone
ORPHANS = lane(5, 50)
CANCELS = lane(30, 200)
GONE_WITHIN_S = 2.0
CANCELLED_WITHIN_S = 10.0


@pytest.fixture(scope="module")
def context() -> ForkServerContext:
    return fork_server()


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    return Queue(workspace.database, workspace.clock)


@pytest.fixture
def start(context: ForkServerContext, workspace: Workspace) -> Iterator[Callable[[], BaseProcess]]:
    with ExitStack() as ended:

        def begin() -> BaseProcess:
            worker = start_worker(context, workspace.settings)
            ended.callback(lambda: (worker.kill(), worker.join()))
            return worker

        yield begin


def ask(queue: Queue, request: Stub) -> Job:
    return queue.enqueue(request, str(uuid.uuid4()))


def until(true: Callable[[], bool], within_s: float) -> float:
    """Wait until it is true and return how long that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within_s, "it took too long"
        time.sleep(0.01)
    return time.monotonic() - began


def lives(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_no_process_outlives_its_worker(queue: Queue, workspace: Workspace, start: Callable[[], BaseProcess]) -> None:
    slowest = 0.0
    for number in range(1, ORPHANS + 1):
        job, worker = ask(queue, Stub(how="deaf", seconds=600)), start()
        until(lambda number=number: len(journal(workspace.home)) >= number, 30)
        pid = journal(workspace.home)[-1]["pid"]
        worker.kill()
        worker.join()
        queue.request_cancel(job.id)

        def gone(job: Job = job) -> bool:
            """The cancel is confirmed once nobody holds the job's lock any more, no thread of the child either."""
            rescue(workspace)
            return queue.get(job.id).state is JobState.CANCELLED

        slowest = max(slowest, until(gone, GONE_WITHIN_S))
        assert not lives(pid)
    tell(f"{ORPHANS} workers killed, the slowest child was gone after {slowest * 1000:.0f} ms")


def test_every_cancel_is_confirmed_in_time_whatever_the_job_does(
    queue: Queue, workspace: Workspace, start: Callable[[], BaseProcess]
) -> None:
    worker, slowest, ids = start(), 0.0, dict[str, str]()
    for number in range(CANCELS):
        kind = random.choice([Stub, LightStub])
        job = ask(queue, kind(how=random.choice(["trace", "deaf", "finish"]), seconds=random.choice([0.3, 60])))
        ids[str(number)] = job.id
        time.sleep(random.uniform(0, 0.6))
        if number % 10 == 9:
            worker.kill()
            worker.join()
        queue.request_cancel(job.id)
        queue.request_cancel(job.id)

        def over(job: Job = job, alone: bool = number % 10 == 9) -> bool:
            if alone:
                rescue(workspace)
            return queue.get(job.id).state.final

        slowest = max(slowest, until(over, CANCELLED_WITHIN_S))
        assert queue.get(job.id).state in {JobState.CANCELLED, JobState.SUCCEEDED}
        if number % 10 == 9:
            worker = start()
    worker.kill()
    worker.join()
    tell(f"{CANCELS} cancels, none stuck, the slowest confirmed after {slowest:.1f} s")
    assert faults(workspace, ids) == []


def test_a_frozen_worker_keeps_its_job_and_a_poisoned_one_harms_no_other(
    queue: Queue, workspace: Workspace, start: Callable[[], BaseProcess]
) -> None:
    worker = start()
    assert worker.pid is not None
    poisoned, after = ask(queue, Stub(how="die")), [ask(queue, Stub(how="trace", seconds=0.2)) for _ in range(3)]
    until(lambda: all(queue.get(job.id).state is JobState.SUCCEEDED for job in after), 30)
    frozen = ask(queue, Stub(how="trace", seconds=1.0))
    until(lambda: queue.get(frozen.id).state is JobState.RUNNING, 30)
    os.kill(worker.pid, signal.SIGSTOP)
    time.sleep(2.0)
    rescue(workspace)
    assert queue.get(frozen.id).fence == 1
    os.kill(worker.pid, signal.SIGCONT)
    until(lambda: queue.get(frozen.id).state is JobState.SUCCEEDED, 30)
    assert sum(event.reason == "died at step 0" for event in queue.events(poisoned.id)) >= 1
    if FULL:  # its third attempt waits for half a minute
        until(lambda: queue.get(poisoned.id).state is JobState.FAILED, 120)
        assert queue.get(poisoned.id).failure_kind == "poison"
        assert sum(event.to_state == "running" for event in queue.events(poisoned.id)) == 3
