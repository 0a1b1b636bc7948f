"""A real worker killed in mid-scoring: the next goes on with what lacks, and every answer counts once."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobs.evaluation.asking import IN_FLIGHT
from jobs.queue import Queue
from jobs.requests import Choices, Evaluate
from storage.records import JobState
from storage.workspace import Workspace
from tests.faults.evaluating import ASKED

pytestmark = pytest.mark.slow
PROJECT = Path(__file__).parent.parent.parent
NUMBERS = range(1, 121)
TABLE = "question,answer,kind\n" + "".join(f"What is the code of box {nr}?,B{nr},facts\n" for nr in NUMBERS)
KILLS = 3
# Another test runs beside these; what hangs, hangs for good.
PATIENCE_S = 150
Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(workspace: Workspace) -> Iterator[Start]:
    """Start workers of this workspace; whatever is left of them is killed at the end."""
    workers: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        environment = {**os.environ, "TRIPTYCH_HOME": str(workspace.home), "CUDA_VISIBLE_DEVICES": ""}
        workers.append(
            subprocess.Popen([sys.executable, "-m", "tests.faults.evaluating"], cwd=PROJECT, env=environment)
        )
        return workers[-1]

    yield begin
    for worker in workers:
        worker.kill()
        worker.wait()


def ask(workspace: Workspace, queue: Queue) -> str:
    (workspace.folder("uploads") / "test.csv").write_text(TABLE)
    request = Evaluate(source="uploads/test.csv", name="test.csv", choices=Choices(ways=("base",)))
    return queue.enqueue(request, "key").id


def wait_for_cells(workspace: Workspace, job_id: str, least: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while len(workspace.cells.of(job_id)) < least:
        assert time.monotonic() < until, "nothing more is answered"
        time.sleep(0.05)


def test_a_worker_killed_again_and_again_in_mid_scoring_asks_only_what_lacks(
    workspace: Workspace, start: Start
) -> None:
    queue = Queue(workspace.database, workspace.clock)
    job_id = ask(workspace, queue)
    for kill in range(1, KILLS + 1):
        worker = start()
        wait_for_cells(workspace, job_id, 20 * kill)
        worker.kill()
        worker.wait()
        assert workspace.scorecards.list() == []
    start()
    done = queue.wait(job_id, PATIENCE_S)
    assert (done.state, done.stop_reason, done.fence) == (JobState.SUCCEEDED, "", KILLS + 1)
    (card,) = workspace.scorecards.list()
    assert (card.job_id, card.ways[0]["n"]) == (job_id, len(NUMBERS))
    lines = [json.loads(line) for line in (workspace.home / card.answers_file).read_text().splitlines()]
    assert [line["row"] for line in lines] == list(NUMBERS)
    assert len(list(workspace.folder("scores").iterdir())) == 1
    # What was being asked at a kill is asked again, and nothing else.
    times = Counter((workspace.home / ASKED).read_text().splitlines())
    assert len(times) == len(NUMBERS)
    assert sum(times.values()) <= len(NUMBERS) + KILLS * IN_FLIGHT


def test_stop_and_keep_outlives_a_killed_worker(workspace: Workspace, start: Start) -> None:
    queue = Queue(workspace.database, workspace.clock)
    job_id = ask(workspace, queue)
    worker = start()
    wait_for_cells(workspace, job_id, 10)
    worker.kill()
    worker.wait()
    queue.request_finish(job_id)
    start()
    done = queue.wait(job_id, PATIENCE_S)
    assert (done.state, done.stop_reason) == (JobState.SUCCEEDED, "kept")
    (card,) = workspace.scorecards.list()
    assert 10 <= card.ways[0]["n"] < len(NUMBERS)
