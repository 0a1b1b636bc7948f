"""What a person may ask of the queue, in every state of a job."""

import threading
from collections.abc import Iterator

import pytest

from jobs.queue import Failure, Queue, Slot
from jobs.requests import Index, Train
from storage.errors import NotAllowed, NotFound
from storage.records import Job, JobState
from storage.settings import Settings
from storage.workspace import Workspace

SLOT = Slot("here", "cpu:0")
TRAIN = Train(dataset_id="d")


@pytest.fixture
def workspace(either_settings: Settings) -> Iterator[Workspace]:
    workspace = Workspace.open(either_settings)
    yield workspace
    workspace.close()


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    queue = Queue(workspace.database, workspace.clock)
    queue.offer([SLOT])
    return queue


def _running(queue: Queue, key: str = "k") -> Job:
    job = queue.claim(queue.enqueue(TRAIN, key).id, SLOT, "w")
    assert job is not None
    return job


def _path(queue: Queue, job_id: str) -> list[str]:
    return [event.to_state for event in queue.events(job_id)]


def test_a_request_becomes_one_waiting_job_with_its_spec(queue: Queue) -> None:
    job = queue.enqueue(TRAIN, "k")
    assert (job.kind, job.state, job.spec["dataset_id"]) == ("train", JobState.QUEUED, "d")
    assert queue.get(job.id) == job
    assert _path(queue, job.id) == ["queued"]


def test_only_a_training_is_given_the_id_of_its_adapter(queue: Queue) -> None:
    assert queue.enqueue(TRAIN, "a").adapter_id is not None
    assert queue.enqueue(Index(collection="c"), "b").adapter_id is None


def test_an_unknown_job_is_told_in_words(queue: Queue) -> None:
    for ask in (queue.get, queue.request_cancel, queue.request_finish, queue.move_up):
        with pytest.raises(NotFound, match="no job 'x'"):
            ask("x")
    assert queue.position("x") is None


def test_the_newest_jobs_come_first_and_a_kind_may_be_chosen(queue: Queue) -> None:
    first, second = queue.enqueue(TRAIN, "a"), queue.enqueue(Index(collection="c"), "b")
    assert [job.id for job in queue.list()] == [second.id, first.id]
    assert [job.id for job in queue.list(kind="train")] == [first.id]
    assert len(queue.list(limit=1)) == 1


def test_what_has_not_ended_is_listed_however_much_came_later(queue: Queue) -> None:
    first = queue.enqueue(Train(dataset_id="d"), "first")
    for number in range(60):
        queue.request_cancel(queue.enqueue(Train(dataset_id="d"), f"{number}").id)
    last = queue.enqueue(Train(dataset_id="d"), "last")
    assert {job.id for job in queue.unfinished()} == {first.id, last.id}


def test_places_in_line_count_each_lane_for_itself(queue: Queue) -> None:
    first, _, third = queue.enqueue(TRAIN, "a"), queue.enqueue(Index(collection="c"), "b"), queue.enqueue(TRAIN, "c")
    assert (queue.position(first.id), queue.position(third.id)) == (1, 2)
    queue.claim(first.id, SLOT, "w")
    assert (queue.position(first.id), queue.position(third.id)) == (None, 1)


def test_moving_up_puts_a_job_first_and_another_before_it(queue: Queue) -> None:
    ids = [queue.enqueue(TRAIN, key).id for key in "abc"]
    queue.move_up(ids[2])
    queue.move_up(ids[1])
    assert [queue.position(job_id) for job_id in ids] == [3, 1, 2]
    assert list(queue.candidates("device", ["train"])) == [ids[1], ids[2], ids[0]]


def test_taking_out_a_waiting_job_is_immediate(queue: Queue) -> None:
    job = queue.request_cancel(queue.enqueue(TRAIN, "k").id)
    assert job.state is JobState.CANCELLED
    assert job.finished_at is not None
    assert queue.claim(job.id, SLOT, "w") is None


def test_cancelling_a_running_job_asks_it_and_asking_twice_changes_nothing(queue: Queue) -> None:
    job = _running(queue)
    assert queue.request_cancel(job.id).state is JobState.CANCELLING
    assert queue.request_cancel(job.id).state is JobState.CANCELLING
    assert _path(queue, job.id) == ["queued", "running", "cancelling"]


@pytest.mark.parametrize("end", ["succeeded", "failed", "cancelled"])
def test_an_ended_job_never_changes_again(queue: Queue, end: str) -> None:
    job = _running(queue)
    if end == "succeeded":
        assert queue.finish(job, result={})
    elif end == "failed":
        assert queue.fail(job, Failure("internal", "It broke.", "Retry."))
    else:
        queue.request_cancel(job.id)
        assert queue.confirm_cancelled(job)
    before = queue.get(job.id)
    assert before.state == end
    assert queue.request_cancel(job.id) == before
    assert not queue.finish(job, result={"late": 1})
    assert not queue.fail(job, Failure("internal", "Late.", "No."))
    assert not queue.interrupt(job, "late")
    assert not queue.died(job, "died")
    assert not queue.beat(job)
    assert queue.get(job.id) == before


def test_stop_and_keep_is_for_running_jobs(queue: Queue) -> None:
    waiting = queue.enqueue(TRAIN, "w")
    with pytest.raises(NotAllowed, match="not running"):
        queue.request_finish(waiting.id)
    job = _running(queue)
    first = queue.request_finish(job.id)
    assert first.state is JobState.RUNNING
    assert first.finish_requested_at is not None
    assert queue.request_finish(job.id).finish_requested_at == first.finish_requested_at


def test_retry_makes_a_new_job_of_an_ended_one_only(queue: Queue) -> None:
    job = _running(queue)
    with pytest.raises(NotAllowed, match="not ended"):
        queue.retry(job.id, "again")
    queue.fail(job, Failure("internal", "It broke.", "Retry."))
    new = queue.retry(job.id, "again")
    assert (new.parent_id, new.spec, new.state) == (job.id, job.spec, JobState.QUEUED)
    assert new.adapter_id not in {None, job.adapter_id}
    assert queue.retry(job.id, "again").id == new.id
    assert queue.get(job.id).state is JobState.FAILED
    with pytest.raises(NotFound):
        queue.retry("x", "k")


def test_a_paused_queue_starts_nothing_and_lets_what_runs_end(queue: Queue) -> None:
    job, waiting = _running(queue), queue.enqueue(TRAIN, "later")
    queue.pause("disk:1")
    assert queue.paused() == "disk:1"
    assert queue.finish(job, result={})
    assert list(queue.candidates("device", ["train"])) == []
    assert queue.claim(waiting.id, SLOT, "w") is None
    queue.resume()
    assert queue.paused() is None
    assert queue.claim(waiting.id, SLOT, "w") is not None


def test_waiting_ends_with_the_job_or_with_patience(queue: Queue) -> None:
    job = _running(queue)
    assert queue.wait(job.id, timeout_s=0.1).state is JobState.RUNNING
    ending = threading.Timer(0.3, lambda: queue.finish(job, result={"done": True}))
    ending.start()
    assert queue.wait(job.id, timeout_s=10).result == {"done": True}
    ending.join()
