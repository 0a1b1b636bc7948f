"""What running jobs reported, read back for the page."""

from jobs.queue import Progress, Queue, Slot
from jobs.queue.owning import Report
from jobs.requests import Train
from storage.records import Job
from storage.runs import START
from storage.workspace import Workspace


def test_what_an_interrupted_attempt_reported_beyond_the_restart_is_left_out(workspace: Workspace) -> None:
    queue = Queue(workspace.database, workspace.clock)
    slot = Slot("here", "cpu:0")
    queue.offer([slot])
    job = queue.claim(queue.enqueue(Train(dataset_id="d"), "k").id, slot, "w")
    assert job is not None
    queue.report(job, Progress(), [Report("loss", step, {"loss": step}, 0.0) for step in range(1, 6)])
    queue.report(job, Progress(), [Report("sample", 5, {"now": "Hello."}, 0.0)])
    queue.interrupt(job, "its worker was stopped")
    again = queue.claim(job.id, slot, "w")
    assert again is not None
    queue.report(again, Progress(), [Report("loss", step, {"loss": -step}, 0.0) for step in range(4, 7)])
    kept = workspace.runs.records(job.id, "loss")
    assert [record.body["loss"] for record in kept] == [1, 2, 3, -4, -5, -6]
    assert len(workspace.runs.records(job.id)) == 7
    assert [record.step for record in workspace.runs.records(job.id, "loss", after=kept[-2].seq)] == [6]


def attempts(workspace: Workspace, *told: list[Report]) -> Job:
    """A job whose attempts reported this, each cut off by the next."""
    queue, slot = Queue(workspace.database, workspace.clock), Slot("here", "cpu:0")
    queue.offer([slot])
    job = queue.enqueue(Train(dataset_id="d"), "k")
    for reports in told:
        claimed = queue.claim(job.id, slot, "w")
        assert claimed is not None
        queue.report(claimed, Progress(), reports)
        queue.interrupt(claimed, "its worker was stopped")
    return job


def loss(step: int, value: float) -> Report:
    return Report("loss", step, {"loss": value}, 0.0)


def start(step: int) -> Report:
    return Report(START, step, {}, 0.0)


def told(workspace: Workspace, job: Job) -> list[tuple[int, float]]:
    return [(record.step, record.body["loss"]) for record in workspace.runs.records(job.id, "loss")]


def test_an_attempt_that_goes_on_leaves_what_was_reported_up_to_its_step(workspace: Workspace) -> None:
    job = attempts(
        workspace,
        [*(loss(step, step) for step in range(6)), Report("sample", 2, {}, 0.0), Report("sample", 4, {}, 0.0)],
        [start(3)],  # this one reported nothing else
    )
    assert told(workspace, job) == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert [record.step for record in workspace.runs.records(job.id, "sample")] == [2]
    assert [record.step for record in workspace.runs.records(job.id, START)] == [3]


def test_each_step_counts_once_however_often_it_was_done(workspace: Workspace) -> None:
    job = attempts(
        workspace,
        [loss(step, 1) for step in range(9)],
        [start(6), loss(7, 2), loss(8, 2)],
        [start(4), loss(5, 3)],  # the checkpoint at 6 was damaged
        [start(5), loss(6, 4)],
    )
    assert told(workspace, job) == [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1), (5, 3), (6, 4)]
    assert [record.step for record in workspace.runs.records(job.id, START)] == [4, 5]


def test_an_attempt_that_starts_anew_replaces_everything(workspace: Workspace) -> None:
    job = attempts(workspace, [loss(0, 1), loss(1, 1)], [start(1), loss(2, 2)], [start(0), loss(0, 3)])
    assert told(workspace, job) == [(0, 3)]
    assert [record.step for record in workspace.runs.records(job.id, START)] == [0]
