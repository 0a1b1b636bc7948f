"""What nobody needs any more on the disk: what crashes left behind, and adapters deleted long ago."""

import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path

from jobs.queue import Queue
from storage.adapters import RESTORABLE_S
from storage.errors import NotFound
from storage.files import remove_tree
from storage.locks import JOB_LOCK, Locks
from storage.workspace import SCRATCH, Workspace

log = logging.getLogger(__name__)

_OLD_S = 24 * 3600
# What a training keeps or writes for itself: the id of its job, its claim, for a checkpoint its step.
_OF_A_JOB = re.compile(r"(?:\.tmp-)?(?P<job>.+)-f\d+(?:-s\d+)?")


def remove_leftovers(workspace: Workspace, queue: Queue, locks: Locks) -> None:
    """Remove adapters deleted long ago, those that were never finished, and what jobs that have ended left behind."""
    remove_ended_checkpoints(workspace, queue)
    for adapter in workspace.adapters.purge(workspace.clock() - RESTORABLE_S):
        log.info("Removing %s, which was deleted long ago.", adapter.path)
        remove_tree(workspace.home / adapter.path)
    for folder in _without_a_row(workspace):
        if time.time() - folder.stat().st_mtime > _OLD_S:
            log.info("Removing %s, which no job finished.", folder.name)
            remove_tree(folder)
    for folder in workspace.folder(SCRATCH).iterdir():  # no job runs yet
        remove_tree(folder)
    for name in locks.names(JOB_LOCK):
        lock = locks.take(name) if _has_ended(queue, name.removeprefix(JOB_LOCK)) else None
        if lock is not None:
            lock.remove()


def remove_ended_checkpoints(workspace: Workspace, queue: Queue) -> None:
    """Remove the checkpoints of jobs that have ended, however that came about: nobody goes on from them."""
    found = [(folder, _OF_A_JOB.fullmatch(folder.name)) for folder in workspace.folder("checkpoints").iterdir()]
    over = [folder for folder, name in found if name is not None and _has_ended(queue, name["job"])]
    if over:
        queue.forget_checkpoints()
    for folder in over:
        remove_tree(folder)


def _without_a_row(workspace: Workspace) -> Iterator[Path]:
    kept = {adapter.path for adapter in (*workspace.adapters.list(), *workspace.adapters.deleted())}
    for folder in workspace.folder("adapters").iterdir():
        if folder.is_dir() and str(folder.relative_to(workspace.home)) not in kept:
            yield folder


def _has_ended(queue: Queue, job_id: str) -> bool:
    try:
        return queue.get(job_id).state.final
    except NotFound:
        return True
