"""A disk that is full at any stage: the database stays sound, nothing fails for it, and all goes on with new space."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from jobs.queue import Queue
from storage.errors import NoSpace, TriptychError
from storage.records import JobState
from storage.settings import Settings
from storage.workspace import Workspace
from tests.faults import everything
from tests.faults.everything import Heavy, Light
from tests.faults.forked import fork_server
from tests.faults.judging import faults
from tests.faults.lanes import lane, tell

# From a disk that does not even hold the database to one that holds all but the last file.
SIZES_MB = lane((2, 21), tuple(range(1, 61, 2)))
ENOUGH_MB = 400
EACH_MB = 6
FULL_FOR_S = 4.0
GIVE_UP_S = 60.0
WANTED = {"big": Heavy(megabytes=EACH_MB), "bigger": Heavy(megabytes=EACH_MB), "small": Light(how="run out")}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A disk of so many megabytes; asked again, the same one with another size."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a disk of a chosen size")
    place = tmp_path / "disk"
    place.mkdir()
    with ExitStack() as mounted:

        def sized(megabytes: int) -> Path:
            there = os.path.ismount(place)
            options = f"{'remount,' if there else ''}size={megabytes}m"
            done = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                pytest.skip(f"this machine lets nobody mount: {done.stderr.strip()}")
            if not there:
                mounted.callback(subprocess.run, ["umount", "--lazy", str(place)], check=False)
            return place

        yield sized


@dataclass
class Shop:
    """A home with a worker that is started again whenever it ends, as `triptych up` does."""

    context: ForkServerContext
    home: Path
    ids: dict[str, str] = field(default_factory=dict)
    paused: bool = False
    worker: BaseProcess | None = None

    def look(self) -> bool:
        """See to the worker, ask where that was not possible before, and return whether all has ended."""
        if self.worker is None or not self.worker.is_alive():
            self.worker = self.context.Process(target=everything.serve, args=(self.home,))
            self.worker.start()
        try:
            workspace = Workspace.open(Settings(home=self.home))
        except (TriptychError, OSError):
            return False  # there is no space even for looking
        try:
            queue = Queue(workspace.database, workspace.clock)
            self.ids = self.ids or {key: queue.enqueue(request, key).id for key, request in WANTED.items()}
            self.paused = self.paused or queue.paused() is not None
            return all(queue.get(job_id).state.final for job_id in self.ids.values())
        except NoSpace:
            return False
        finally:
            workspace.close()

    def close(self) -> None:
        """End the worker."""
        if self.worker is not None:
            self.worker.kill()
            self.worker.join()


@pytest.mark.parametrize("megabytes", SIZES_MB)
def test_what_does_not_fit_waits_and_goes_on_with_new_space(disk: Callable[[int], Path], megabytes: int) -> None:
    shop = Shop(fork_server(), disk(megabytes) / "home")
    until_space, until = time.monotonic() + FULL_FOR_S, time.monotonic() + GIVE_UP_S
    try:
        while not shop.look():
            assert time.monotonic() < until, "it does not go on"
            if time.monotonic() > until_space:
                disk(ENOUGH_MB)
            time.sleep(0.2)
    finally:
        shop.close()
    workspace = Workspace.open(Settings(home=shop.home))
    try:
        queue = Queue(workspace.database, workspace.clock)
        tell(f"a disk of {megabytes} MB: {'the queue was paused' if shop.paused else 'the queue was not paused'}")
        assert faults(workspace, shop.ids) == []
        assert [queue.get(job_id).state for job_id in shop.ids.values()] == [JobState.SUCCEEDED] * len(WANTED)
    finally:
        workspace.close()
