"""A worker that is killed again and again at random: no job is lost, none succeeds twice, no two runs overlap."""

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from jobs.queue import Queue
from storage.records import JobState
from storage.workspace import Workspace
from tests.faults.stub import LightStub, Stub, journal

PROJECT = Path(__file__).parent.parent.parent
KILLS = 4
GIVE_UP_S = 90


def test_killing_the_worker_again_and_again_loses_nothing_and_doubles_nothing(workspace: Workspace) -> None:
    queue = Queue(workspace.database, workspace.clock)
    requests = [Stub(seconds=0.4), LightStub(how="steps", seconds=0.8)] * 3
    jobs = [queue.enqueue(request, str(uuid.uuid4())).id for request in requests]
    kills, until = 0, time.monotonic() + GIVE_UP_S
    while not all(queue.get(job_id).state.final for job_id in jobs):
        assert time.monotonic() < until, [queue.get(job_id) for job_id in jobs]
        worker = _start(workspace.home)
        if kills < KILLS:
            _wait_for_a_start(workspace.home)
            time.sleep(random.uniform(0, 0.5))
            kills += 1
        else:
            for job_id in jobs:
                queue.wait(job_id, until - time.monotonic())
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert [queue.get(job_id).state for job_id in jobs] == [JobState.SUCCEEDED] * len(jobs)
    for job_id in jobs:
        assert [event.to_state for event in queue.events(job_id)].count("succeeded") == 1
    _no_two_runs_overlap(journal(workspace.home))
    with workspace.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def _start(home: Path) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "TRIPTYCH_HOME": str(home), "CUDA_VISIBLE_DEVICES": ""}
    return subprocess.Popen([sys.executable, "-m", "tests.faults.stub"], cwd=PROJECT, env=environment)


def _wait_for_a_start(home: Path) -> None:
    """Give the worker time to be in the middle of something, but not for ever: nothing may be left to start."""
    before, until = len(journal(home)), time.monotonic() + 6
    while len(journal(home)) == before and time.monotonic() < until:
        time.sleep(0.02)


def _no_two_runs_overlap(entries: list[dict[str, Any]]) -> None:
    """Each job's notes, in the order they were written, never go back to an older claim."""
    ordered = sorted(entries, key=lambda entry: entry["job"])
    for _, notes in groupby(ordered, key=lambda entry: entry["job"]):
        fences = [entry["fence"] for entry in notes]
        assert all(earlier <= later for earlier, later in pairwise(fences)), fences
