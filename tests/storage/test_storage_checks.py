"""What the doctor looks at: a sound home has no problem, and every broken rule is named."""

import pytest
from sqlalchemy import delete, insert, update

from jobs.queue import Queue, Slot
from jobs.requests import Train
from storage.checks import checkpoint_problems, database_problems, file_problems, job_problems, version_problems
from storage.files import publish
from storage.records import Job
from storage.tables import job_events, jobs, slots
from storage.workspace import Workspace
from tests.claimed import claimed_context


@pytest.fixture
def job(workspace: Workspace) -> Job:
    queue = Queue(workspace.database, workspace.clock)
    queue.offer([Slot("here", "cpu:0")])
    claimed = queue.claim(queue.enqueue(Train(dataset_id="d"), "k").id, Slot("here", "cpu:0"), "w")
    assert claimed is not None
    return claimed


def tell(workspace: Workspace, job: Job, fence: int, source: str, target: str) -> None:
    event = {"job_id": job.id, "fence": fence, "from_state": source, "to_state": target, "actor": "a", "at": 1.0}
    with workspace.database.writing() as connection:
        connection.execute(insert(job_events).values(**event))


def test_a_sound_home_has_no_problem(workspace: Workspace, job: Job) -> None:
    assert job_problems(workspace.database) == database_problems(workspace.database) == []
    assert version_problems(workspace.database) == file_problems(workspace) == checkpoint_problems(workspace) == []


def test_a_runner_without_its_slot(workspace: Workspace, job: Job) -> None:
    with workspace.database.writing() as connection:
        connection.execute(update(slots).values(job_id=None, fence=None))
    assert job_problems(workspace.database) == [f"Job {job.id} runs without a slot."]


def test_a_slot_that_is_held_without_running(workspace: Workspace, job: Job) -> None:
    Queue(workspace.database, workspace.clock).interrupt(job, "for the test")
    with workspace.database.writing() as connection:
        connection.execute(update(slots).values(job_id=job.id, fence=job.fence))
    assert job_problems(workspace.database) == [f"Job {job.id} holds a slot without running."]


def test_a_state_that_the_history_does_not_tell(workspace: Workspace, job: Job) -> None:
    with workspace.database.writing() as connection:
        connection.execute(delete(slots))
        connection.execute(update(jobs).values(state="queued"))
    assert job_problems(workspace.database) == [f"Job {job.id} stands in another state than its history tells."]


def test_a_history_with_a_gap(workspace: Workspace, job: Job) -> None:
    tell(workspace, job, 1, "queued", "running")
    assert job_problems(workspace.database) == [f"Job {job.id} has a history whose steps do not follow one another."]


def test_a_second_success(workspace: Workspace, job: Job) -> None:
    Queue(workspace.database, workspace.clock).finish(job, result={})
    tell(workspace, job, 1, "succeeded", "succeeded")
    assert f"Job {job.id} went on after its end." in job_problems(workspace.database)


def test_a_claim_that_falls_back(workspace: Workspace, job: Job) -> None:
    tell(workspace, job, 0, "running", "cancelling")
    assert f"Job {job.id} has a claim older than one before it." in job_problems(workspace.database)


@pytest.mark.parametrize("harm", ["gone", "changed", "another list"])
def test_a_checkpoint_that_is_not_what_was_saved(workspace: Workspace, harm: str) -> None:
    context = claimed_context(workspace, Train(dataset_id="d"))
    folder = workspace.folder("checkpoints") / "one"
    made = folder.with_name(".tmp-one")
    made.mkdir()
    (made / "state").write_text("as it was")
    sha256 = publish(made, folder)
    context.keep_checkpoint(3, folder, "other" if harm == "another list" else sha256)
    if harm == "gone":
        folder.rename(folder.with_name("elsewhere"))
    if harm == "changed":
        (folder / "state").write_text("another")
    (problem,) = checkpoint_problems(workspace)
    assert problem.startswith(f"Job {context.job.id}, step 3: ")
    Queue(workspace.database, workspace.clock).finish(context.job, result={})
    assert checkpoint_problems(workspace) == []
