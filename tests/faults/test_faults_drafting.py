"""A real worker killed in the middle of drafting: the next goes on with what lacks, and every draft is there once."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from jobs.models.flight import IN_FLIGHT
from jobs.queue import Queue
from jobs.requests import Draft
from storage.records import JobState
from storage.workspace import Workspace
from tests.conftest import PROJECT
from tests.documents import put_documents
from tests.faults.drafting import ASKED

PASSAGES = 90
KILLS = 2


@contextmanager
def worker(workspace: Workspace) -> Iterator[None]:
    """Let a worker of this workspace run until it is killed at the end of the block."""
    environment = {**os.environ, "TRIPTYCH_HOME": str(workspace.home), "CUDA_VISIBLE_DEVICES": ""}
    process = subprocess.Popen([sys.executable, "-m", "tests.faults.drafting"], cwd=PROJECT, env=environment)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def wait_for_drafts(workspace: Workspace, least: int) -> None:
    until = time.monotonic() + 60
    while len(workspace.drafts.list()) < least:
        assert time.monotonic() < until, "nothing more is drafted"
        time.sleep(0.05)


def test_a_worker_killed_again_and_again_asks_no_finished_passage_twice(workspace: Workspace) -> None:
    filler = "It stands in the long hall beside the others and is opened with the small key that hangs there. " * 5
    text = "".join(f"## Box {nr}\n\nThe code of box {nr} is B{nr}.\n{filler}\n\n" for nr in range(PASSAGES))
    put_documents(workspace, {"boxes.md": text})
    queue = Queue(workspace.database, workspace.clock)
    job_id = queue.enqueue(Draft(collection="Manuals", most=PASSAGES), "key").id
    for kill in range(1, KILLS + 1):
        with worker(workspace):
            wait_for_drafts(workspace, 20 * kill)
    with worker(workspace):
        done = queue.wait(job_id, 60)
    assert (done.state, done.fence) == (JobState.SUCCEEDED, KILLS + 1)
    assert done.result == {"asked": PASSAGES, "drafted": PASSAGES, "unusable": {}}
    assert len({pair.question for pair in workspace.drafts.list(job_id=job_id)}) == PASSAGES
    # What was being asked at a kill is asked again, and nothing else.
    times = Counter((workspace.home / ASKED).read_text().splitlines())
    assert len(times) == PASSAGES
    assert sum(times.values()) <= PASSAGES + KILLS * IN_FLIGHT
