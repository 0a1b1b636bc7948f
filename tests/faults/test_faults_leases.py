"""A worker of another computer that sleeps through its lease: its job goes on elsewhere, and its own run ends."""

import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil
import pytest

from jobs.queue import Queue
from storage.records import JobState
from storage.settings import Settings
from storage.workspace import Workspace
from tests.faults.forked import fork_server, start_worker
from tests.faults.judging import faults
from tests.faults.lanes import lane, tell
from tests.faults.stub import How, Stub, journal

pytestmark = pytest.mark.postgres

LEASE_S = lane(2.0, 20.0)
SLEEPS_S = 3 * LEASE_S


@pytest.fixture
def hosts(tmp_path: Path, postgres_url: str) -> Iterator[list[Workspace]]:
    """Two homes, each a host of its own, with one database."""
    with ExitStack() as opened:
        settings = [Settings(home=tmp_path / name, database_url=postgres_url) for name in ("sleeper", "other")]
        workspaces = [Workspace.open(one) for one in settings]
        for workspace in workspaces:
            opened.callback(workspace.close)
        yield workspaces


def until(true: Callable[[], bool], within_s: float = 60.0) -> float:
    """Wait until it is true and return how long that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within_s, "it took too long"
        time.sleep(0.02)
    return time.monotonic() - began


def send(number: signal.Signals, worker: BaseProcess, child: int) -> None:
    """Reach the worker and its child, which would notice by itself if it alone went on."""
    assert worker.pid is not None
    os.kill(child, number)
    os.kill(worker.pid, number)


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("how", ["deaf", "finish"])
def test_what_slept_through_its_lease_changes_nothing_any_more(hosts: list[Workspace], how: How) -> None:
    sleeper, other = hosts
    queue, context = Queue(sleeper.database, sleeper.clock), fork_server()
    job = queue.enqueue(Stub(how=how, seconds=2 if how == "finish" else 600), str(uuid.uuid4()))
    workers = [start_worker(context, sleeper.settings, LEASE_S)]
    try:
        until(lambda: bool(journal(sleeper.home)))
        child = journal(sleeper.home)[0]["pid"]
        send(signal.SIGSTOP, workers[0], child)
        workers.append(start_worker(context, other.settings, LEASE_S))
        time.sleep(SLEEPS_S)
        until(lambda: bool(journal(other.home)))
        assert queue.get(job.id).fence == 2
        send(signal.SIGCONT, workers[0], child)
        ended_s = until(lambda: gone(child))
        if how == "deaf":  # the new claim lives on, and only it
            assert (queue.get(job.id).state, queue.get(job.id).fence) == (JobState.RUNNING, 2)
            queue.request_cancel(job.id)
        until(lambda: queue.get(job.id).state.final)
        tell(f"slept {SLEEPS_S:.0f} s of a lease of {LEASE_S:.0f} s: its trainer was gone {ended_s:.1f} s after waking")
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
    row = queue.get(job.id)
    assert row.state is (JobState.CANCELLED if how == "deaf" else JobState.SUCCEEDED)
    assert row.fence == 2
    assert how == "deaf" or row.result == {"fence": 2}
    assert [event.to_state for event in queue.events(job.id)].count("succeeded") == (how == "finish")
    assert faults(sleeper, {"only": job.id}, [other.home]) == []
