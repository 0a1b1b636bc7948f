"""What crashes leave on the disk is removed after a day; what a row refers to, or is still young, stays."""

import os
import time
from pathlib import Path

from jobs.executors.leftovers import remove_leftovers
from jobs.queue import Queue
from jobs.requests import Index, Train
from storage.adapters import RESTORABLE_S
from storage.locks import JOB_LOCK, Locks
from storage.records import Adapter
from storage.settings import Settings
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.claimed import claimed_context
from tests.clock import Clock


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


def test_a_deleted_adapter_stays_for_thirty_days_and_not_longer(settings: Settings) -> None:
    clock = Clock(time.time())
    workspace = Workspace.open(settings, clock)
    queue, locks = Queue(workspace.database, clock), Locks(workspace.folder("locks"))
    adapter = keep_adapter(workspace)
    folder = workspace.home / adapter.path
    os.utime(folder, (0, 0))
    workspace.adapters.delete(adapter.id)
    clock.now += RESTORABLE_S
    remove_leftovers(workspace, queue, locks)
    assert folder.is_dir(), "old as its folder is, it can still come back"
    clock.now += 1
    remove_leftovers(workspace, queue, locks)
    assert not folder.exists()
    workspace.close()


def test_checkpoints_of_ended_jobs_go_at_once_and_others_stay(workspace: Workspace) -> None:
    queue, locks = Queue(workspace.database, workspace.clock), Locks(workspace.folder("locks"))
    going_on, ended = (claimed_context(workspace, Train(dataset_id="d")) for _ in range(2))
    folders: dict[str, Path] = {}
    for context in (going_on, ended):
        for name in (f"{context.job.id}-f1-s5", f".tmp-{context.job.id}-f1-s6", f"{context.job.id}-f1"):
            folders[name] = workspace.folder("checkpoints") / name
            folders[name].mkdir()
        context.keep_checkpoint(5, folders[f"{context.job.id}-f1-s5"], "m")
    unknown = workspace.folder("checkpoints") / f"{'0' * 8}-f1-s5"
    unknown.mkdir()
    queue.finish(ended.job, result={})
    remove_leftovers(workspace, queue, locks)
    left = {name for name, folder in folders.items() if folder.exists()}
    assert left == {name for name in folders if going_on.job.id in name}
    assert not unknown.exists(), "its job is in no row"
    assert ([kept.step for kept in going_on.checkpoints()], list(ended.checkpoints())) == ([5], [])


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
