"""A real training in a real worker: its process killed, its worker killed, its worker stopped, and the same result."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jobs.queue import Queue
from jobs.requests import Train
from storage.records import Job, JobState
from storage.runs import START
from storage.workspace import Workspace
from tests.faults.training import KILL_AT
from tests.jobs.interrupted_training import NEVER, begin, finish, in_format
from tests.jobs.small_training import keep, one_thread, open_small

__all__ = ["one_thread"]  # a fixture for every test here

pytestmark = pytest.mark.slow
PROJECT = Path(__file__).parent.parent.parent
STEPS = 28
WITHIN_S = 240  # of a busy computer; a quiet one needs a tenth
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with the tiny model."""
    workspace = open_small(tmp_path)
    yield workspace
    workspace.close()


@pytest.fixture
def start(small: Workspace) -> Iterator[Start]:
    """Start workers of this workspace; whatever is left of them is killed at the end."""
    workers: list[subprocess.Popen[bytes]] = []

    def begin(**more: str) -> "subprocess.Popen[bytes]":
        settings = small.settings
        environment = {"TRIPTYCH_HOME": str(settings.home), "TRIPTYCH_MODELS": str(settings.models)}
        command = [sys.executable, "-m", "tests.faults.training"]
        workers.append(subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **environment, **more}))
        return workers[-1]

    yield begin
    for worker in workers:
        worker.kill()
        worker.wait()


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.02)


def kept(queue: Queue, job: Job) -> int:
    """The step of the furthest checkpoint."""
    return max((one.step for one in queue.checkpoints(job.id)), default=0)


@dataclass(frozen=True)
class Ended:
    """A training that was cut off three times, and what came of it."""

    workspace: Workspace
    queue: Queue
    job: Job
    stopped: Job  # as it stood after its worker was stopped
    kept_then: int


@pytest.fixture
def ended(small: Workspace, start: Start) -> Ended:
    """Train; the process dies at step 5, the worker is killed from step 10 on, the next is stopped from step 17 on."""
    queue = Queue(small.database, small.clock)
    (small.home / KILL_AT).write_text("5")
    job = queue.enqueue(Train(dataset_id=keep(small, 29), epochs=7, learning_rate=0.01), "k")
    worker = start()
    wait_for(lambda: kept(queue, job) >= 10)
    worker.kill()
    worker.wait()
    worker = start()
    wait_for(lambda: kept(queue, job) >= 17)
    worker.terminate()
    assert worker.wait(WITHIN_S) == 0
    stopped, kept_then = queue.get(job.id), kept(queue, job)
    start()
    return Ended(small, queue, queue.wait(job.id, WITHIN_S), stopped, kept_then)


def test_killed_killed_with_its_worker_and_stopped_it_comes_to_the_same(
    ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, queue, job = ended.workspace, ended.queue, ended.job
    assert (job.state, job.fence, job.attempt) == (JobState.SUCCEEDED, 4, 1)
    reasons = [event.reason for event in queue.events(job.id) if event.to_state == JobState.QUEUED][1:]
    assert reasons[0] in {"died at step 4", "died at step 5"}  # progress is written once a second
    assert reasons[1:] == ["its worker was gone", "its worker was stopped"]
    assert (ended.stopped.state, ended.stopped.step) == (JobState.QUEUED, ended.kept_then), "no step is done again"
    first, second, third = [record.step for record in workspace.runs.records(job.id, START)]
    assert (first, third) == (4, ended.kept_then)
    assert second >= 10
    losses = [record for record in workspace.runs.records(job.id, "loss") if "loss" in record.body]
    assert [record.step for record in losses] == list(range(STEPS + 1))
    wait_for(lambda: not any(workspace.folder("checkpoints").iterdir()))
    assert queue.checkpoints(job.id) == []
    _is_as_without_interruption(ended, monkeypatch)


def _is_as_without_interruption(ended: Ended, monkeypatch: pytest.MonkeyPatch) -> None:
    in_format(monkeypatch, "float32")
    request = Train.model_validate(ended.job.spec)
    untouched = finish(begin(ended.workspace, request), request, NEVER)
    assert untouched.adapter is not None
    assert ended.job.result["eval_loss"] == pytest.approx(untouched.result["eval_loss"], abs=1e-4)
    adapter = ended.workspace.adapters.get(str(ended.job.adapter_id))
    assert adapter.adapter_sha256 == untouched.adapter.adapter_sha256
