"""Backups of a workspace in full use: each one is whole, and holds no less than the one before."""

import threading
import time
from pathlib import Path

from jobs.queue import Queue
from storage.backups import back_up, restore
from storage.checks import database_problems, file_problems, job_problems
from storage.settings import Settings
from storage.workspace import Workspace
from tests.faults import everything
from tests.faults.everything import Heavy
from tests.faults.forked import fork_server
from tests.faults.lanes import lane, tell

BACKUPS = lane(4, 200)
PAUSE_S = lane(0.3, 2.0)


def test_every_backup_of_a_busy_workspace_is_whole(workspace: Workspace, tmp_path: Path) -> None:
    queue = Queue(workspace.database, workspace.clock)
    stop = threading.Event()

    def keep_busy() -> None:
        number = 0
        while not stop.wait(0.05):
            if len(queue.unfinished()) < 5:
                queue.enqueue(Heavy(), f"{(number := number + 1)}")

    busy = threading.Thread(target=keep_busy)
    worker = fork_server().Process(target=everything.serve, args=(workspace.home,))
    busy.start()
    worker.start()
    counts: list[tuple[int, int]] = []
    try:
        while not workspace.adapters.list():
            time.sleep(0.1)
        for number in range(BACKUPS):
            time.sleep(PAUSE_S)
            while number == BACKUPS - 1 and len(queue.list(limit=100_000)) <= counts[0][0]:
                time.sleep(0.1)  # on a busy machine nothing else may have happened yet
            counts.append(restored(workspace, tmp_path / f"{number}.tar", tmp_path / f"home-{number}"))
    finally:
        stop.set()
        busy.join()
        worker.kill()
        worker.join()
    tell(f"{BACKUPS} backups of a busy workspace, the last with {counts[-1][0]} jobs and {counts[-1][1]} adapters")
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]


def restored(workspace: Workspace, file: Path, home: Path) -> tuple[int, int]:
    """Back up, restore elsewhere, look at it, and return how many jobs and adapters there are."""
    back_up(workspace, file)
    restore(home, file)
    other = Workspace.open(Settings(home=home))
    try:
        assert [*database_problems(other.database), *job_problems(other.database), *file_problems(other)] == []
        queue = Queue(other.database, other.clock)
        return len(queue.list(limit=100_000)), len(other.adapters.list())
    finally:
        other.close()
        file.unlink()
