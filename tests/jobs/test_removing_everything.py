"""Everything goes: jobs are stopped first, then rows and files; or nothing goes, and the reason is told."""

import threading
from pathlib import Path

import pytest

from jobs.opening import sample_has_traces
from jobs.queue import Queue, Slot
from jobs.removing.everything import delete_everything, stop_jobs
from jobs.requests import Index, Train
from storage.errors import NotAllowed
from storage.locks import JOB_LOCK, Locks
from storage.sample import mark_opened, sample_is_open
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.filled import SECRET, fill


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    return Queue(workspace.database, workspace.clock)


def secrets_in(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def test_no_file_of_the_home_holds_what_was_brought_and_the_workspace_stays_usable(
    workspace: Workspace, queue: Queue
) -> None:
    fill(workspace)
    mark_opened(workspace.home, 1.0)
    for name in ("gradio/1/faq.csv", "checkpoints/1/weights", "logs/job-1.log", "logs/worker.log"):
        path = workspace.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SECRET)
    assert secrets_in(workspace.home)
    delete_everything(workspace, queue)
    assert secrets_in(workspace.home) == []
    assert not sample_is_open(workspace.home)
    assert not sample_has_traces(workspace)
    assert [path.name for path in workspace.folder("logs").iterdir()] == ["worker.log"]
    again = fill(workspace)
    assert workspace.adapters.get(again.adapter)


def test_a_log_that_is_being_written_goes_on(workspace: Workspace, queue: Queue) -> None:
    path = workspace.folder("logs") / "worker.log"
    with path.open("ab", buffering=0) as log:
        log.write(SECRET.encode())
        delete_everything(workspace, queue)
        log.write(b"later")
    assert path.read_bytes() == b"later"


def test_jobs_are_stopped_first(workspace: Workspace, queue: Queue) -> None:
    queue.enqueue(Index(collection="Manuals"), "waits")
    context = claimed_context(workspace, Train(dataset_id="d"))

    def end_when_told() -> None:
        while not context.cancelled():
            pass
        queue.confirm_cancelled(context.job)

    running = threading.Thread(target=end_when_told)
    running.start()
    delete_everything(workspace, queue)
    running.join()
    assert queue.list() == []


def test_a_job_whose_worker_is_gone_stands_in_nobodys_way(workspace: Workspace, queue: Queue) -> None:
    locks = Locks(workspace.folder("locks"))
    queue.offer([Slot(locks.host(), "cpu:0")])
    job = queue.enqueue(Train(dataset_id="d"), "key")
    assert queue.claim(job.id, Slot(locks.host(), "cpu:0"), "gone")
    delete_everything(workspace, queue)
    assert queue.list() == []


def test_a_job_that_does_not_end_keeps_everything_where_it_is(workspace: Workspace, queue: Queue) -> None:
    filled = fill(workspace)
    locks = Locks(workspace.folder("locks"))
    context = claimed_context(workspace, Train(dataset_id=filled.dataset))
    lock = locks.take(JOB_LOCK + context.job.id)
    assert lock is not None
    with pytest.raises(NotAllowed, match="nothing was deleted yet"):
        delete_everything(workspace, queue, patience_s=0.5)
    assert workspace.datasets.get("FAQ").id == filled.dataset
    assert secrets_in(workspace.folder("uploads"))
    lock.release()


def test_only_the_named_jobs_are_stopped(workspace: Workspace, queue: Queue) -> None:
    mine, other = (queue.enqueue(Index(collection=name), name) for name in ("Mine", "Other"))
    stop_jobs(workspace, queue, {mine.id})
    assert [job.id for job in queue.unfinished()] == [other.id]


def test_pressed_again_it_finishes_what_was_cut_off(workspace: Workspace, queue: Queue) -> None:
    delete_everything(workspace, queue)
    left_behind = workspace.folder("uploads") / "faq.csv"
    left_behind.write_text(SECRET)
    delete_everything(workspace, queue)
    assert not left_behind.exists()
