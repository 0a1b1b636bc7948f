"""When a waiting training may start: measured where it can be, unknown where it can't."""

import pytest

from jobs.queue import Progress, Queue, Slot
from jobs.requests import Index, Preset, Train
from storage.records import Job
from storage.workspace import Workspace
from tests.clock import Clock

PLACES = [Slot("here", "cuda:0"), Slot("here", "cuda:1")]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(workspace: Workspace, clock: Clock) -> Queue:
    queue = Queue(workspace.database, clock)
    queue.offer([PLACES[0], Slot("here", "light:0")])
    return queue


def ask(queue: Queue, key: str, preset: Preset = "quick") -> Job:
    return queue.enqueue(Train(dataset_id="d", preset=preset), key)


def start(queue: Queue, job: Job, slot: Slot = PLACES[0]) -> Job:
    claimed = queue.claim(job.id, slot, "w")
    assert claimed is not None
    return claimed


def finished_after(queue: Queue, clock: Clock, key: str, seconds: float, preset: Preset = "quick") -> None:
    job = start(queue, ask(queue, key, preset))
    clock.now += seconds
    assert queue.finish(job, result={})


def test_an_empty_line_needs_no_forecast(queue: Queue) -> None:
    start(queue, ask(queue, "a"))
    assert queue.starts_in({"quick": 200}) == {}


def test_the_next_waits_for_what_is_left_and_the_one_after_for_both(queue: Queue, clock: Clock) -> None:
    running = start(queue, ask(queue, "a"))
    second, third = ask(queue, "b"), ask(queue, "c")
    queue.report(running, Progress(seconds_left=90.0))
    assert queue.starts_in({"quick": 200}) == {second.id: 90.0, third.id: 290.0}


def test_before_its_first_step_a_run_is_expected_to_take_what_is_usual(queue: Queue, clock: Clock) -> None:
    start(queue, ask(queue, "a"))
    waiting = ask(queue, "b")
    clock.now += 50
    assert queue.starts_in({"quick": 200}) == {waiting.id: 150.0}
    clock.now += 500
    assert queue.starts_in({"quick": 200}) == {waiting.id: 0.0}


def test_what_such_runs_took_lately_counts_more_than_what_is_usual(queue: Queue, clock: Clock) -> None:
    for key, seconds in (("x", 100), ("y", 120), ("z", 5000)):
        finished_after(queue, clock, key, seconds)
    start(queue, ask(queue, "a"))
    first, second = ask(queue, "b"), ask(queue, "c")
    assert queue.starts_in({"quick": 200}) == {first.id: 120.0, second.id: 240.0}


def test_nothing_is_told_behind_what_can_not_be_foreseen(queue: Queue) -> None:
    first, second = ask(queue, "a", "normal"), ask(queue, "b")
    assert queue.starts_in({"quick": 200}) == {first.id: 0.0, second.id: None}
    start(queue, first)
    assert queue.starts_in({"quick": 200}) == {second.id: None}


def test_two_places_serve_one_line(queue: Queue) -> None:
    queue.offer([*PLACES, Slot("here", "light:0")])
    one, other = start(queue, ask(queue, "a")), start(queue, ask(queue, "b"), PLACES[1])
    queue.report(one, Progress(seconds_left=30.0))
    queue.report(other, Progress(seconds_left=80.0))
    third, fourth, fifth = ask(queue, "c"), ask(queue, "d"), ask(queue, "e")
    assert queue.starts_in({"quick": 100}) == {third.id: 30.0, fourth.id: 80.0, fifth.id: 130.0}


def test_light_jobs_are_beside_the_line(queue: Queue) -> None:
    light = queue.enqueue(Index(collection="c"), "l")
    start(queue, light, Slot("here", "light:0"))
    waiting = ask(queue, "a")
    assert queue.starts_in({"quick": 100}) == {waiting.id: 0.0}


def test_what_was_moved_up_is_expected_first(queue: Queue) -> None:
    running = start(queue, ask(queue, "a"))
    queue.report(running, Progress(seconds_left=10.0))
    second, third = ask(queue, "b"), ask(queue, "c")
    queue.move_up(third.id)
    assert queue.starts_in({"quick": 100}) == {third.id: 10.0, second.id: 110.0}
