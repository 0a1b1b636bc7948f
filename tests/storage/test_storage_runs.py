"""What running jobs reported, read back for the page."""

from jobs.queue import Progress, Queue, Slot
from jobs.queue.owning import Report
from jobs.requests import Train
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
