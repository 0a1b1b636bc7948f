"""Many at once: several processes claim from one queue, and several hands reach for one job."""

import json
import subprocess
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from jobs.queue import Queue, Slot
from jobs.requests import Train
from storage.records import JobState
from storage.settings import Settings
from storage.tables import job_events, slots
from storage.workspace import Workspace

PROJECT = Path(__file__).parent.parent.parent
PROCESSES = 4
JOBS = 120


@pytest.fixture
def workspace(either_settings: Settings) -> Iterator[Workspace]:
    workspace = Workspace.open(either_settings)
    yield workspace
    workspace.close()


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    queue = Queue(workspace.database, workspace.clock)
    queue.offer([Slot("race", f"cpu:{number}") for number in range(PROCESSES)])
    return queue


def test_several_processes_claim_each_job_once(queue: Queue, workspace: Workspace) -> None:
    ids = {queue.enqueue(Train(dataset_id="d"), str(number)).id for number in range(JOBS)}
    url = workspace.database.url.render_as_string(hide_password=False)
    racers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.racing", url, str(number)],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    said = [racer.communicate(timeout=120) for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * PROCESSES, said
    finished = [job_id for out, _ in said for job_id in json.loads(out)]
    assert Counter(finished) == dict.fromkeys(ids, 1)
    assert all(job.state is JobState.SUCCEEDED for job in queue.list(limit=JOBS))
    with workspace.database.reading() as connection:
        assert connection.scalars(select(slots.c.job_id).where(slots.c.job_id.is_not(None))).all() == []
        events = connection.execute(select(job_events).order_by(job_events.c.seq)).all()
    for job_id in ids:
        states = [event.to_state for event in events if event.job_id == job_id]
        assert states in (["queued", "running", "succeeded"], ["queued", "running"] * 2 + ["succeeded"])
        froms = [event.from_state for event in events if event.job_id == job_id]
        assert froms == ["", *states[:-1]]


@pytest.mark.parametrize("other", ["cancel", "rescue", "fail"])
def test_of_two_hands_exactly_one_settles_the_job(queue: Queue, other: str) -> None:
    for _ in range(25):
        job = queue.claim(queue.enqueue(Train(dataset_id="d"), str(uuid.uuid4())).id, Slot("race", "cpu:0"), "w")
        assert job is not None
        second: dict[str, Callable[[], object]] = {
            "cancel": lambda job=job: queue.request_cancel(job.id),
            "rescue": lambda job=job: queue.interrupt(job, "its worker was gone"),
            "fail": lambda job=job: queue.died(job, "died"),
        }
        hands = [
            threading.Thread(target=lambda job=job: queue.finish(job, result={})),
            threading.Thread(target=second[other]),
        ]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        states = [event.to_state for event in queue.events(job.id)]
        assert len(states) == 3
        assert queue.get(job.id).state == states[-1]
        queue.confirm_cancelled(job)
        queue.request_cancel(job.id)
