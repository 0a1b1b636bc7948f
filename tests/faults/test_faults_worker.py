"""A real worker process, stopped in every way: no job is lost, none succeeds twice, no process is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from jobs.queue import Queue
from jobs.requests import Request
from storage.records import Job, JobState
from storage.workspace import Workspace
from tests.faults.stub import LightStub, Stub, journal

# A worker takes seconds to start, and ten times as many beside other tests: each of them has to be over in time.
pytestmark = pytest.mark.alone

PROJECT = Path(__file__).parent.parent.parent
Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    return Queue(workspace.database, workspace.clock)


@pytest.fixture
def start(workspace: Workspace) -> Iterator[Start]:
    """Start workers of this workspace; whatever is left of them is killed at the end."""
    workers: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        environment = {**os.environ, "TRIPTYCH_HOME": str(workspace.home), "CUDA_VISIBLE_DEVICES": ""}
        command = [sys.executable, "-m", "tests.faults.stub"]
        workers.append(subprocess.Popen(command, cwd=PROJECT, env=environment))
        return workers[-1]

    yield begin
    for worker in workers:
        worker.kill()
        worker.wait()


def _ask(queue: Queue, request: Request) -> Job:
    return queue.enqueue(request, str(uuid.uuid4()))


def _until(true: Callable[[], bool], within_s: float = 30.0) -> float:
    """Wait until it is true and return how long that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within_s, "it took too long"
        time.sleep(0.02)
    return time.monotonic() - began


def _started(home: Path, times: int = 1) -> int:
    """Wait until jobs noted so many starts and return the process of the last."""
    _until(lambda: sum(entry["what"] == "start" for entry in journal(home)) >= times)
    return next(entry["pid"] for entry in reversed(journal(home)) if entry["what"] == "start")


def _gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def _path(queue: Queue, job: Job) -> list[str]:
    return [event.to_state for event in queue.events(job.id)]


def test_a_worker_killed_in_the_middle_takes_its_job_along_and_the_next_finishes_it_once(
    queue: Queue, workspace: Workspace, start: Start
) -> None:
    first = start()
    job = _ask(queue, Stub(how="steps", seconds=2))
    pid = _started(workspace.home)
    first.kill()
    assert _until(lambda: _gone(pid)) < 2
    assert queue.get(job.id).state is JobState.RUNNING
    start()
    done = queue.wait(job.id, 30)
    assert (done.state, done.fence, done.attempt) == (JobState.SUCCEEDED, 2, 1)
    assert _path(queue, job) == ["queued", "running", "queued", "running", "succeeded"]
    notes = [(entry["fence"], entry["what"]) for entry in journal(workspace.home)]
    assert notes == [(1, "start"), (2, "start"), (2, "end")]


def test_cancelling_reaches_a_job_that_listens_one_that_is_deaf_and_one_in_a_thread(
    queue: Queue, workspace: Workspace, start: Start
) -> None:
    start()
    for request, within_s in (
        (Stub(how="steps", seconds=60), 8),
        (LightStub(how="steps", seconds=60), 8),
        (Stub(how="deaf", seconds=60), 8),
        (LightStub(how="deaf", seconds=60), 8),
    ):
        before = sum(entry["what"] == "start" for entry in journal(workspace.home))
        job = _ask(queue, request)
        _started(workspace.home, before + 1)
        assert queue.request_cancel(job.id).state is JobState.CANCELLING
        assert _until(lambda job=job: queue.get(job.id).state.final) < within_s
        assert queue.get(job.id).state is JobState.CANCELLED
        assert queue.get(job.id).result == {}


def test_stop_and_keep_ends_as_a_success_and_the_worker_goes_on(
    queue: Queue, workspace: Workspace, start: Start
) -> None:
    start()
    job, after = _ask(queue, Stub(how="steps", seconds=60)), _ask(queue, Stub())
    _started(workspace.home)
    queue.request_finish(job.id)
    done = queue.wait(job.id, 10)
    assert (done.state, done.stop_reason) == (JobState.SUCCEEDED, "kept")
    assert queue.wait(after.id, 10).state is JobState.SUCCEEDED


def test_a_worker_told_to_stop_puts_its_jobs_back_in_line(queue: Queue, workspace: Workspace, start: Start) -> None:
    worker = start()
    jobs = [
        _ask(queue, Stub(how="made after stop")),
        _ask(queue, LightStub(how="steps", seconds=60)),
        _ask(queue, LightStub(how="deaf", seconds=60)),
    ]
    _started(workspace.home, 3)
    facts = json.loads((workspace.home / "run" / "worker.json").read_text())
    assert facts["pid"] == worker.pid
    began = time.monotonic()
    worker.terminate()
    assert worker.wait(20) == 0
    assert time.monotonic() - began < 10
    assert not (workspace.home / "run" / "worker.json").exists()
    for job in jobs:
        row = queue.get(job.id)
        assert (row.state, row.attempt, row.result) == (JobState.QUEUED, 0, {})
        assert queue.events(job.id)[-1].reason == "its worker was stopped"


def test_a_job_that_dies_by_itself_comes_back(queue: Queue, workspace: Workspace, start: Start) -> None:
    start()
    dying = _ask(queue, Stub(how="die"))
    _until(lambda: len(queue.events(dying.id)) >= 3)
    assert queue.events(dying.id)[2].reason == "died at step 0"
    queue.request_cancel(dying.id)
    assert queue.wait(dying.id, 10).state is JobState.CANCELLED


def test_what_is_only_frozen_is_alive_and_a_second_worker_says_so_and_ends(
    queue: Queue, workspace: Workspace, start: Start
) -> None:
    first = start()
    job = _ask(queue, Stub(how="finish", seconds=3))
    pid = _started(workspace.home)
    os.kill(pid, signal.SIGSTOP)
    os.kill(first.pid, signal.SIGSTOP)
    command = [sys.executable, "-m", "tests.faults.stub"]
    environment = {**os.environ, "TRIPTYCH_HOME": str(workspace.home)}
    second = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=30)
    assert second.returncode == 1  # the frozen worker still holds its lock
    assert "A worker already serves this workspace." in second.stderr
    assert "Traceback" not in second.stderr
    os.kill(first.pid, signal.SIGCONT)
    os.kill(pid, signal.SIGCONT)
    assert queue.wait(job.id, 20).state is JobState.SUCCEEDED
    assert queue.get(job.id).fence == 1
