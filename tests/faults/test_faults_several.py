"""A real training over two processes in a real worker: each of them killed, the worker stopped, the person stops it."""

import signal
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import torch
from safetensors.torch import load_file

from jobs.queue import Queue
from jobs.requests import Train
from storage.adapters import Adapter
from storage.records import Job, JobState
from storage.workspace import Workspace
from tests.faults.test_faults_training import Start, kept, small, start, wait_for
from tests.faults.training import KILL_AT, PLACE
from tests.jobs.interrupted_training import NEVER, begin, finish, in_format
from tests.jobs.small_training import keep, one_thread

__all__ = ["one_thread", "small", "start"]  # fixtures for every test here

pytestmark = pytest.mark.slow

TWO = {PLACE: "cpu:0,1", "OMP_NUM_THREADS": "1"}


def helpers(workspace: Workspace) -> list[psutil.Process]:
    """Return the helpers of this workspace's trainings that live."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            line = " ".join(process.cmdline())
            if "jobs.training.helping" in line and str(workspace.home) in line:
                found.append(process)
    return found


def weights(workspace: Workspace, adapter: Adapter) -> dict[str, torch.Tensor]:
    return load_file(workspace.home / adapter.path / "adapter_model.safetensors")


def said(workspace: Workspace, job: Job) -> str:
    return (workspace.home / "logs" / f"job-{job.id}.log").read_text()


def test_whichever_process_is_lost_the_others_end_and_the_result_is_the_same(
    small: Workspace, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = Queue(small.database, small.clock)
    request = Train(dataset_id=keep(small, 29), epochs=7, learning_rate=0.01)
    (small.home / KILL_AT).write_text("3")
    job = queue.enqueue(request, "k")
    worker = start(**TWO)
    wait_for(lambda: queue.get(job.id).fence == 2)
    wait_for(lambda: kept(queue, job) >= 8)
    (helper,) = helpers(small)
    helper.send_signal(signal.SIGKILL)
    wait_for(lambda: kept(queue, job) >= 14 and queue.get(job.id).fence == 3)
    assert "One of the 2 processes of this training ended by itself (-9)" in said(small, job)
    assert len(helpers(small)) == 1
    worker.terminate()
    assert worker.wait() == 0
    stopped = queue.get(job.id)
    assert (stopped.state, stopped.step) == (JobState.QUEUED, kept(queue, job)), "no step is done again"
    assert helpers(small) == []
    start(**TWO)
    wait_for(lambda: queue.get(job.id).state.final)
    assert queue.get(job.id).state is JobState.SUCCEEDED
    assert helpers(small) == []
    reasons = [event.reason for event in queue.events(job.id) if event.to_state == JobState.QUEUED][1:]
    assert [reason.rpartition(" at step")[0] or reason for reason in reasons] == [
        "died",
        "died",
        "its worker was stopped",
    ]
    in_format(monkeypatch, "float32")
    untouched = finish(begin(small, request), request, NEVER)
    assert untouched.adapter is not None
    learned = weights(small, small.adapters.get(str(job.adapter_id)))
    for name, weight in weights(small, untouched.adapter).items():
        torch.testing.assert_close(learned[name], weight, rtol=1e-2, atol=1e-3)


def test_a_person_stops_it_with_and_without_keeping(small: Workspace, start: Start) -> None:
    queue = Queue(small.database, small.clock)
    request = Train(dataset_id=keep(small, 29), epochs=7, learning_rate=0.01)
    first, second = queue.enqueue(request, "a"), queue.enqueue(request, "b")
    start(**TWO)
    wait_for(lambda: kept(queue, first) >= 3)
    queue.request_finish(first.id)
    wait_for(lambda: queue.get(first.id).state.final)
    ended = queue.get(first.id)
    assert (ended.state, ended.stop_reason) == (JobState.SUCCEEDED, "kept")
    assert ended.result["cards"] == 2
    assert ended.result["steps"] < 28
    wait_for(lambda: kept(queue, second) >= 3)
    queue.request_cancel(second.id)
    wait_for(lambda: queue.get(second.id).state.final)
    assert queue.get(second.id).state is JobState.CANCELLED
    wait_for(lambda: helpers(small) == [])
    assert not list(Path(small.folder("adapters")).glob(f"{second.adapter_id}*"))
