"""A child process told to stop: its job may listen and keep what it has, or is interrupted where it stands."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from jobs.context import Interrupted, JobContext, Made
from jobs.executors import child
from jobs.kinds import Kind
from jobs.queue import Queue
from jobs.requests import Train
from storage.workspace import Workspace
from tests.claimed import claimed_context

KEEPING_S = 1.6


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A second is long enough to listen; afterwards this process hears signals as before."""
    monkeypatch.setattr(child, "_TIME_TO_LISTEN_S", 1)
    numbers = (signal.SIGTERM, signal.SIGALRM)
    handlers = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, handlers, strict=True):
        signal.signal(number, handler)


def listens(_request: Train, context: JobContext) -> Made:
    """Hear that the worker stops, and take longer than listening may take to keep what there is."""
    os.kill(os.getpid(), signal.SIGTERM)
    with suppress(Interrupted):
        context.check()
    time.sleep(KEEPING_S)
    return Made({"kept": True})


def is_deaf(_request: Train, _context: JobContext) -> Made:
    """Never ask."""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(KEEPING_S)
    return Made()


def run(workspace: Workspace, name: str) -> Made:
    stopping = threading.Event()
    job = claimed_context(workspace, Train(dataset_id="d")).job
    context = JobContext(workspace, Queue(workspace.database, workspace.clock), job, stopping)
    return child._interruptible(Kind(Train, f"{__name__}:{name}"), context, stopping)


def test_a_job_that_listens_may_keep_what_it_has(workspace: Workspace) -> None:
    assert run(workspace, "listens").result == {"kept": True}


def test_a_job_that_does_not_is_interrupted_where_it_stands(workspace: Workspace) -> None:
    began = time.monotonic()
    with pytest.raises(Interrupted):
        run(workspace, "is_deaf")
    assert time.monotonic() - began < KEEPING_S
