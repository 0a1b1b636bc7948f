"""Many at once: several processes claim from one queue, and several hands reach for one job."""

import json
import subprocess
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from jobs.queue import Queue, Slot
from jobs.requests import Train
from storage.records import Job, JobState
from storage.settings import Settings
from storage.tables import job_events, slots
from storage.workspace import Workspace
from tests.faults.lanes import lane, tell

PROJECT = Path(__file__).parent.parent.parent
PROCESSES = lane(4, 8)
JOBS = lane(400, 2000)
RUNS = 200
CLICKED = lane(20, 100)
SLOWEST_CLAIM_S = lane(0.5, 0.1)


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


@pytest.mark.alone
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
    told = [json.loads(out) for out, _ in said]
    finished = [job_id for one in told for job_id in one["finished"]]
    seconds = sorted(second for one in told for second in one["seconds"])
    p99 = seconds[len(seconds) * 99 // 100]
    doubled = len(finished) - len(set(finished))
    tell(f"{len(seconds)} claims by {PROCESSES} processes for {JOBS} jobs, {doubled} doubled, p99 {p99 * 1000:.1f} ms")
    assert p99 < SLOWEST_CLAIM_S
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


def both(*hands: Callable[[], object]) -> None:
    """Let them reach for it at once."""
    threads = [threading.Thread(target=hand) for hand in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def claimed(queue: Queue) -> Job:
    job = queue.claim(queue.enqueue(Train(dataset_id="d"), str(uuid.uuid4())).id, Slot("race", "cpu:0"), "w")
    assert job is not None
    return job


@pytest.mark.parametrize("other", ["cancel", "rescue", "fail"])
def test_of_two_hands_exactly_one_settles_the_job(queue: Queue, other: str) -> None:
    for _ in range(RUNS):
        job = claimed(queue)
        second: dict[str, Callable[[], object]] = {
            "cancel": lambda job=job: queue.request_cancel(job.id),
            "rescue": lambda job=job: queue.interrupt(job, "its worker was gone"),
            "fail": lambda job=job: queue.died(job, "died"),
        }
        both(lambda job=job: queue.finish(job, result={}), second[other])
        states = [event.to_state for event in queue.events(job.id)]
        assert len(states) == 3
        assert queue.get(job.id).state == states[-1]
        queue.confirm_cancelled(job)
        queue.request_cancel(job.id)


def test_a_job_is_either_taken_out_or_claimed_and_then_stopped(queue: Queue) -> None:
    seen = Counter[str]()
    for _ in range(RUNS):
        job = queue.enqueue(Train(dataset_id="d"), str(uuid.uuid4()))
        won: list[Job | None] = []
        both(
            lambda job=job: queue.request_cancel(job.id),
            lambda job=job, won=won: won.append(queue.claim(job.id, Slot("race", "cpu:0"), "w")),
        )
        state = queue.get(job.id).state
        assert state is (JobState.CANCELLED if won[0] is None else JobState.CANCELLING)
        seen[state] += 1
        if won[0] is not None:
            assert queue.confirm_cancelled(won[0])
    assert sum(seen.values()) == RUNS


def test_after_a_pause_nothing_is_claimed(queue: Queue) -> None:
    for _ in range(RUNS):
        job = queue.enqueue(Train(dataset_id="d"), str(uuid.uuid4()))
        both(lambda: queue.pause("for the race"), lambda job=job: queue.claim(job.id, Slot("race", "cpu:0"), "w"))
        now = queue.get(job.id)
        assert queue.claim(job.id, Slot("race", "cpu:1"), "w") is None
        assert queue.get(job.id) == now
        queue.resume()
        queue.request_cancel(job.id)
        queue.confirm_cancelled(queue.get(job.id))


def test_fifty_clicks_at_once_make_one_job_each_time(queue: Queue) -> None:
    with ThreadPoolExecutor(50) as hands:
        for number in range(CLICKED):
            clicks = [hands.submit(queue.enqueue, Train(dataset_id="d"), f"form-{number}") for _ in range(50)]
            assert len({click.result().id for click in clicks}) == 1
    assert len(queue.list(limit=1000)) == CLICKED
