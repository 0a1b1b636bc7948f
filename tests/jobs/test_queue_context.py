"""What a running job may do: reports are throttled, requests are noticed, a lost claim stops it."""

import threading
from collections.abc import Iterator

import pytest

from jobs.context import Cancelled, Interrupted, JobContext
from jobs.queue import Queue
from jobs.requests import Index, Train
from storage.errors import ClaimLost
from storage.records import Job
from storage.run_records import Checkpoint
from storage.workspace import Workspace
from tests.claimed import claimed_context

TRAIN = Train(dataset_id="d")


class CountingQueue(Queue):
    """A queue that counts how often progress is written."""

    writes = 0

    def report(self, *told: object, **named: object) -> bool:
        self.writes += 1
        return super().report(*told, **named)  # type: ignore[arg-type]  # passed on as given


@pytest.fixture
def context(workspace: Workspace) -> Iterator[JobContext]:
    return claimed_context(workspace, TRAIN)


def _queue(context: JobContext) -> Queue:
    return Queue(context.workspace.database, context.workspace.clock)


def _row(context: JobContext) -> Job:
    return _queue(context).get(context.job.id)


def _fresh(context: JobContext, stopping: threading.Event | None = None) -> JobContext:
    """The same claim, with nothing remembered of its row."""
    return JobContext(context.workspace, _queue(context), context.job, stopping)


def test_a_thousand_reports_in_a_moment_are_a_few_writes_and_none_is_lost(context: JobContext) -> None:
    queue = CountingQueue(context.workspace.database, context.workspace.clock)
    told = JobContext(context.workspace, queue, context.job)
    for step in range(1000):
        told.report("train", step, 1000, seconds_left=1000.0 - step)
        told.record("loss", step, {"loss": step})
    assert queue.writes <= 3
    told.close()
    row = _row(context)
    assert (row.phase, row.step, row.total_steps, row.seconds_left) == ("train", 999, 1000, 1.0)
    assert [record.step for record in context.workspace.runs.records(context.job.id)] == list(range(1000))


def test_a_new_phase_is_written_at_once(context: JobContext) -> None:
    context.report("load")
    context.report("train", 0, 10)
    assert (_row(context).phase, _row(context).total_steps) == ("train", 10)


def test_it_knows_its_fence_its_device_and_what_earlier_attempts_learned(workspace: Workspace) -> None:
    context = claimed_context(workspace, Index(collection="c"))
    assert (context.fence, context.device, context.halvings) == (1, "light:0", 0)
    queue = _queue(context)
    queue.again(context.job, "out of memory", after_s=0, result={"halvings": 2})
    assert JobContext(workspace, queue, queue.get(context.job.id)).halvings == 2


def test_a_request_to_cancel_is_noticed_and_raised(context: JobContext) -> None:
    assert not context.cancelled()
    context.check()
    _queue(context).request_cancel(context.job.id)
    noticing = _fresh(context)
    assert noticing.cancelled()
    with pytest.raises(Cancelled):
        noticing.check()


def test_stop_and_keep_is_noticed_and_is_no_cancel(context: JobContext) -> None:
    _queue(context).request_finish(context.job.id)
    noticing = _fresh(context)
    assert noticing.finish_requested()
    assert not noticing.cancelled()


def test_a_worker_that_stops_is_noticed(context: JobContext) -> None:
    stopping = threading.Event()
    told = _fresh(context, stopping)
    told.check()
    stopping.set()
    assert told.cancelled()
    with pytest.raises(Interrupted):
        told.check()
    with pytest.raises(Interrupted):
        told.close()


def test_it_is_known_whether_a_job_has_listened(context: JobContext) -> None:
    stopping = threading.Event()
    told = _fresh(context, stopping)
    told.check()
    stopping.set()
    assert told.cancelled()
    assert not told.heard
    with pytest.raises(Interrupted):
        told.check()
    assert told.heard


def test_a_fresh_look_finds_what_was_asked_a_moment_ago(context: JobContext) -> None:
    asked = _fresh(context)
    asked.check()
    _queue(context).request_cancel(context.job.id)
    asked.check()  # it looks twice a second
    with pytest.raises(Cancelled):
        asked.check(fresh=True)


def test_every_write_of_a_lost_claim_is_refused(context: JobContext) -> None:
    _queue(context).interrupt(context.job, "lost")
    lost = _fresh(context)
    assert lost.cancelled()
    checkpoint = Checkpoint(context.job.id, 1, 1, "p", "m", 0.0)
    for write in (
        lambda: lost.drop_checkpoint(checkpoint),
        lost.check,
        lost.flush,
        lambda: lost.report("train", 1),
        lambda: lost.keep_checkpoint(1, context.workspace.home / "checkpoints" / "x", "m"),
    ):
        with pytest.raises(ClaimLost):
            write()


def test_a_checkpoint_is_kept_with_its_place_inside_home(context: JobContext) -> None:
    context.keep_checkpoint(5, context.workspace.home / "checkpoints" / "x", "m")
    (kept,) = context.checkpoints()
    assert (kept.step, kept.fence, kept.path) == (5, 1, "checkpoints/x")
