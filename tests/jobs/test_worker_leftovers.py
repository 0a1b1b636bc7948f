"""What crashes leave on the disk is removed after a day; what a row refers to, or is still young, stays."""

import os
import time
from pathlib import Path

from jobs.executors.leftovers import remove_leftovers
from jobs.queue import Queue
from jobs.requests import Index, Train
from storage.locks import JOB_LOCK, Locks
from storage.records import Adapter
from storage.workspace import Workspace
from tests.claimed import claimed_context


def _folder(workspace: Workspace, name: str, hours_old: float) -> Path:
    folder = workspace.folder("adapters") / name
    folder.mkdir()
    then = time.time() - hours_old * 3600
    os.utime(folder, (then, then))
    return folder


def test_only_old_folders_without_a_row_go(workspace: Workspace) -> None:
    context = claimed_context(workspace, Train(dataset_id="d"))
    kept = _folder(workspace, "kept-f1", hours_old=100)
    adapter = Adapter("kept", context.job.id, "n", "b", "s", "a", "d", "adapters/kept-f1", "m", 0.0)
    queue = Queue(workspace.database, workspace.clock)
    assert queue.finish(context.job, result={}, adapter=adapter)
    young, old = _folder(workspace, ".tmp-young-f1", hours_old=1), _folder(workspace, "old-f1", hours_old=25)
    remove_leftovers(workspace, queue, Locks(workspace.folder("locks")))
    assert [folder.exists() for folder in (kept, young, old)] == [True, True, False]


def test_only_locks_of_ended_jobs_that_nobody_holds_go(workspace: Workspace) -> None:
    queue, locks = Queue(workspace.database, workspace.clock), Locks(workspace.folder("locks"))
    waiting, ended, held = (queue.enqueue(Index(collection="c"), key) for key in "abc")
    for job in (waiting, ended):
        lock = locks.take(JOB_LOCK + job.id)
        assert lock is not None
        lock.release()
    lock = locks.take(JOB_LOCK + held.id)
    assert lock is not None
    queue.request_cancel(ended.id)
    queue.request_cancel(held.id)
    remove_leftovers(workspace, queue, locks)
    assert set(locks.names(JOB_LOCK)) == {JOB_LOCK + waiting.id, JOB_LOCK + held.id}
    lock.release()
