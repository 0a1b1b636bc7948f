"""What the owner of a claim may write: guarded by its fence, with one slot held exactly while the job is alive."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from jobs.queue import Failure, Progress, Queue, Slot
from jobs.queue.owning import LEASE_S, Cell, Report
from jobs.requests import Evaluate, Index, Train
from storage.records import Adapter, Job, JobState, Scorecard
from storage.run_records import Checkpoint
from storage.settings import Settings
from storage.tables import jobs, slots
from storage.workspace import Workspace
from tests.clock import Clock

SLOT = Slot("here", "cpu:0")
LIGHT = Slot("here", "light:0")
TRAIN = Train(dataset_id="d")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(either_settings: Settings, clock: Clock) -> Iterator[Workspace]:
    workspace = Workspace.open(either_settings, clock)
    yield workspace
    workspace.close()


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    queue = Queue(workspace.database, workspace.clock)
    queue.offer([SLOT, LIGHT])
    return queue


def _running(queue: Queue, key: str = "k") -> Job:
    job = queue.claim(queue.enqueue(TRAIN, key).id, SLOT, "w")
    assert job is not None
    return job


def _held(workspace: Workspace) -> dict[str, str | None]:
    with workspace.database.reading() as connection:
        return {row.device: row.job_id for row in connection.execute(select(slots))}


def _adapter(job: Job) -> Adapter:
    return Adapter(
        id=str(job.adapter_id),
        job_id=job.id,
        name="tone",
        base_id="starter",
        base_sha256="b",
        adapter_sha256="a",
        dataset_id="d",
        path=f"adapters/{job.adapter_id}-f{job.fence}",
        manifest_sha256="m",
        created_at=0.0,
        report={"loss": 1.5},
    )


def test_a_claim_raises_the_fence_and_holds_the_slot(queue: Queue, workspace: Workspace) -> None:
    job = _running(queue)
    assert (job.state, job.fence, job.attempt) == (JobState.RUNNING, 1, 1)
    assert _held(workspace) == {"cpu:0": job.id, "light:0": None}
    assert queue.device(job) == "cpu:0"
    events = queue.events(job.id)
    assert [(event.from_state, event.to_state, event.fence) for event in events] == [
        ("", "queued", 0),
        ("queued", "running", 1),
    ]


def test_a_job_is_claimed_once_and_a_slot_holds_one_job(queue: Queue) -> None:
    first, second = queue.enqueue(TRAIN, "a"), queue.enqueue(TRAIN, "b")
    assert queue.claim(first.id, SLOT, "w") is not None
    assert queue.claim(first.id, LIGHT, "w2") is None
    assert queue.claim(second.id, SLOT, "w2") is None
    assert queue.claim(second.id, Slot("elsewhere", "cpu:0"), "w2") is None


def test_a_slot_serves_its_own_lane(queue: Queue) -> None:
    training, reading = queue.enqueue(TRAIN, "a"), queue.enqueue(Index(collection="c"), "b")
    assert queue.claim(training.id, LIGHT, "w") is None
    assert queue.claim(reading.id, SLOT, "w") is None
    assert queue.claim(reading.id, LIGHT, "w") is not None


def test_candidates_come_in_the_order_they_were_asked_whatever_the_clock_says(queue: Queue, clock: Clock) -> None:
    ids = []
    for number in range(12):
        clock.now -= 3600
        ids.append(queue.enqueue(TRAIN, str(number)).id)
    assert list(queue.candidates("device", ["train"], limit=12)) == ids
    urgent = queue.enqueue(TRAIN, "urgent", priority=1)
    assert queue.candidates("device", ["train"])[0] == urgent.id
    assert list(queue.candidates("device", ["index"])) == []


def test_places_that_a_host_no_longer_has_are_withdrawn_but_not_under_a_job(queue: Queue, workspace: Workspace) -> None:
    job = _running(queue)
    queue.offer([Slot("here", "cuda:0")])
    assert _held(workspace) == {"cpu:0": job.id, "cuda:0": None}
    queue.offer([SLOT, LIGHT])
    assert _held(workspace) == {"cpu:0": job.id, "light:0": None}


def test_a_heartbeat_renews_the_lease(queue: Queue, workspace: Workspace, clock: Clock) -> None:
    job = _running(queue)
    clock.now += 40
    assert queue.beat(job)
    with workspace.database.reading() as connection:
        assert connection.scalar(select(jobs.c.lease_until)) == clock.now + LEASE_S


def test_progress_keeps_what_is_not_told(queue: Queue, workspace: Workspace) -> None:
    job = _running(queue)
    assert queue.report(job, Progress(phase="train", step=3, total_steps=9, seconds_left=60.0))
    assert queue.report(job, Progress(step=4), [Report("loss", 4, {"loss": 0.5}, 7.0)])
    row = queue.get(job.id)
    assert (row.phase, row.step, row.total_steps, row.seconds_left) == ("train", 4, 9, 60.0)
    assert [(kept.kind, kept.step, kept.body, kept.fence) for kept in workspace.runs.records(job.id)] == [
        ("loss", 4, {"loss": 0.5}, 1)
    ]


def test_success_and_the_adapter_are_kept_together(queue: Queue, workspace: Workspace, clock: Clock) -> None:
    job = _running(queue)
    clock.now += 5
    assert queue.finish(job, result={"steps": 9}, adapter=_adapter(job), stop_reason="kept")
    row = queue.get(job.id)
    assert (row.state, row.result, row.stop_reason, row.finished_at) == (
        JobState.SUCCEEDED,
        {"steps": 9},
        "kept",
        clock.now,
    )
    assert workspace.adapters.get(str(job.adapter_id)) == _adapter(job)
    assert _held(workspace)["cpu:0"] is None


def _scoring(queue: Queue, key: str = "s") -> Job:
    job = queue.claim(queue.enqueue(Evaluate(source="d"), key).id, LIGHT, "w")
    assert job is not None
    return job


def test_success_and_the_scorecard_are_kept_together_and_only_once(queue: Queue, workspace: Workspace) -> None:
    job = _scoring(queue)
    card = Scorecard("c", job.id, "d", ({"way": "base"},), "scores/c.jsonl", 1.0)
    assert queue.finish(job, result={}, scorecard=card)
    assert not queue.finish(job, result={}, scorecard=replace(card, id="twice"))
    assert workspace.scorecards.list() == [card]


def test_scored_answers_are_kept_one_by_one_and_only_by_the_owner(queue: Queue, workspace: Workspace) -> None:
    old = _scoring(queue)
    assert queue.keep_cell(old, Cell("base", 1, {"right": True}, 1.0))
    queue.interrupt(old, "lost")
    assert not queue.keep_cell(old, Cell("base", 2, {"right": True}, 2.0))
    new = queue.claim(old.id, LIGHT, "w")
    assert new is not None
    assert not queue.keep_cell(old, Cell("base", 3, {"right": True}, 3.0))
    assert queue.keep_cell(new, Cell("tuned", 1, {"right": False}, 4.0))
    assert workspace.cells.of(old.id) == {("base", 1): {"right": True}, ("tuned", 1): {"right": False}}
    assert workspace.cells.of("another") == {}


@pytest.mark.parametrize("answered", [False, True])
def test_stop_and_keep_outlives_a_lost_worker_where_there_is_something_to_keep(queue: Queue, answered: bool) -> None:
    job = _scoring(queue)
    if answered:
        assert queue.keep_cell(job, Cell("base", 1, {}, 1.0))
    queue.request_finish(job.id)
    queue.interrupt(job, "lost")
    again = queue.claim(job.id, LIGHT, "w")
    assert again is not None
    assert (again.finish_requested_at is not None) == answered


def test_a_success_after_a_cancel_is_thrown_away(queue: Queue, workspace: Workspace) -> None:
    job = _running(queue)
    queue.request_cancel(job.id)
    assert not queue.finish(job, result={}, adapter=_adapter(job))
    assert workspace.adapters.list() == []
    assert _held(workspace)["cpu:0"] == job.id
    assert queue.confirm_cancelled(job)
    assert _held(workspace)["cpu:0"] is None


def test_a_failure_is_kept_as_a_sentence_with_a_next_step(queue: Queue, workspace: Workspace) -> None:
    job = _running(queue)
    assert queue.fail(job, Failure("user_error", "Too few rows.", "Add rows."))
    row = queue.get(job.id)
    assert (row.failure_kind, row.failure_text, row.failure_next_step) == ("user_error", "Too few rows.", "Add rows.")
    assert _held(workspace)["cpu:0"] is None


def test_an_interrupted_job_goes_back_to_its_place_and_no_attempt_is_spent(queue: Queue, workspace: Workspace) -> None:
    job, later = _running(queue, "a"), queue.enqueue(TRAIN, "b")
    queue.report(job, Progress(phase="train", step=3, total_steps=9))
    assert queue.interrupt(job, "its worker was stopped")
    assert _held(workspace)["cpu:0"] is None
    assert list(queue.candidates("device", ["train"])) == [job.id, later.id]
    again = queue.claim(job.id, SLOT, "w")
    assert again is not None
    assert (again.fence, again.attempt, again.phase, again.step) == (2, 1, "", 0)


def test_another_attempt_counts_waits_and_knows_what_to_do_otherwise(queue: Queue, clock: Clock) -> None:
    job = _running(queue)
    assert queue.again(job, "out of memory", after_s=30, result={"halvings": 1})
    assert queue.claim(job.id, SLOT, "w") is None
    clock.now += 31
    second = queue.claim(job.id, SLOT, "w")
    assert second is not None
    assert (second.attempt, second.result) == (2, {"halvings": 1})


def test_an_old_fence_changes_nothing(queue: Queue, workspace: Workspace) -> None:
    old = _running(queue)
    queue.interrupt(old, "lost")
    new = queue.claim(old.id, SLOT, "w")
    assert new is not None
    before = queue.get(old.id)
    assert not queue.beat(old)
    assert not queue.report(old, Progress(step=99), [Report("loss", 99, {}, 0.0)])
    assert not queue.finish(old, result={}, adapter=_adapter(old))
    assert not queue.fail(old, Failure("internal", "x", "y"))
    assert not queue.interrupt(old, "x")
    assert not queue.again(old, "x", after_s=0)
    assert not queue.died(old, "died")
    assert not queue.keep_checkpoint(Checkpoint(old.id, 5, old.fence, "p", "m", 0.0))
    assert not queue.keep_cell(old, Cell("base", 1, {}, 0.0))
    queue.request_cancel(old.id)
    assert not queue.confirm_cancelled(old)
    assert queue.get(old.id).fence == before.fence
    assert workspace.runs.records(old.id) == []
    assert workspace.adapters.list() == []
    assert queue.confirm_cancelled(new)


def test_a_checkpoint_is_kept_and_forgives_interruptions(queue: Queue, workspace: Workspace) -> None:
    job = _running(queue)
    with workspace.database.writing() as connection:
        connection.execute(update(jobs).values(interruptions=4))
    kept = Checkpoint(job.id, 5, job.fence, "checkpoints/x", "m", 9.0)
    assert queue.keep_checkpoint(kept)
    assert queue.keep_checkpoint(Checkpoint(job.id, 10, job.fence, "checkpoints/y", "m", 10.0))
    assert [checkpoint.step for checkpoint in queue.checkpoints(job.id)] == [10, 5]
    assert queue.checkpoints(job.id)[1] == kept
    with workspace.database.reading() as connection:
        assert connection.scalar(select(jobs.c.interruptions)) == 0


@pytest.mark.parametrize("with_checkpoint", [True, False])
def test_stop_and_keep_outlives_an_interruption_where_there_is_something_to_keep(
    queue: Queue, with_checkpoint: bool
) -> None:
    job = _running(queue)
    queue.request_finish(job.id)
    if with_checkpoint:
        queue.keep_checkpoint(Checkpoint(job.id, 5, job.fence, "checkpoints/x", "m", 9.0))
    queue.interrupt(job, "lost")
    again = queue.claim(job.id, SLOT, "w")
    assert again is not None
    assert (again.finish_requested_at is not None) == with_checkpoint
