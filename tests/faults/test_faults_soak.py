"""A long, busy time: 500 jobs beside a training while ten people look on. Nothing grows, and every look is answered."""

import os
import statistics
import threading
import time
import uuid
from pathlib import Path

import httpx
import psutil
import pytest

from jobs.queue import Queue
from jobs.requests import Index, Train
from storage.records import JobState
from storage.settings import Settings
from storage.workspace import Workspace
from tests.faults.lanes import FULL, tell
from tests.running import LARKSPUR, Running, studio_running

pytestmark = [
    pytest.mark.skipif(not FULL, reason="it takes 20 minutes: make faults"),
    pytest.mark.slow,
    pytest.mark.timeout(2400),
]

SOAK_S = float(os.environ.get("TRIPTYCH_SOAK_S", "1200"))
JOBS = 500
PEOPLE, LOOKS_A_SECOND = 10, 5
WARM = 0.25  # this share of the time passes before growth is measured: caches fill first
GROWTH, WAL_BYTES, LOOK_S = 0.05, 64 << 20, 0.3


def parts(running: Running) -> list[psutil.Process]:
    """The web process, the worker and the model server; not the children that jobs run in, which come and go."""
    children = psutil.Process(running.process.pid).children()
    return [child for child in children if child.status() != psutil.STATUS_ZOMBIE]


class People(threading.Thread):
    """One person who looks five times a second."""

    def __init__(self, url: str, until: float) -> None:
        super().__init__(daemon=True)
        self.seconds: list[float] = []
        self.troubles: list[str] = []
        self._url, self._until = url, until

    def run(self) -> None:
        with httpx.Client(timeout=30) as client:
            while (began := time.monotonic()) < self._until:
                answered = client.get(f"{self._url}/healthz")
                if answered.status_code != 200:
                    self.troubles.append(answered.text)
                self.seconds.append(time.monotonic() - began)
                time.sleep(max(0.0, 1 / LOOKS_A_SECOND - self.seconds[-1]))


def measured(running: Running, home: Path) -> dict[str, tuple[int, int]]:
    """Bytes in memory and open files of each part, by its module; and the size of the database's log."""
    found = {part.cmdline()[2]: (part.memory_info().rss, part.num_fds()) for part in parts(running)}
    wal = home / "triptych.db-wal"
    return {**found, "wal": (wal.stat().st_size if wal.exists() else 0, 0)}


def test_nothing_grows_in_a_long_busy_time(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with studio_running(home) as running:
        dataset = running.triptych("dataset", "add", str(LARKSPUR / "faq.csv"), "--name", "larkspur")
        workspace = Workspace.open(Settings(home=home))
        queue = Queue(workspace.database, workspace.clock)
        began = time.monotonic()
        people = [People(running.url, began + SOAK_S) for _ in range(PEOPLE)]
        for person in people:
            person.start()
        seen: list[tuple[float, dict[str, tuple[int, int]]]] = []
        asked: list[str] = []
        training = queue.enqueue(Train(dataset_id=dataset["id"], preset="quick"), "train-0")
        while (share := (time.monotonic() - began) / SOAK_S) < 1:
            if queue.get(training.id).state.final:
                training = queue.enqueue(Train(dataset_id=dataset["id"], preset="quick"), str(uuid.uuid4()))
            if len(asked) < share * JOBS:
                collection = f"c{len(asked) % 5}"
                asked.append(queue.enqueue(Index(collection=collection, dataset_id=dataset["id"]), str(len(asked))).id)
            seen.append((share, measured(running, home)))
            time.sleep(0.5)
        for person in people:
            person.join()
        queue.request_cancel(training.id)
        states = [queue.wait(job_id, 120).state for job_id in asked]
        workspace.close()
    judge(seen, sorted(second for person in people for second in person.seconds), states)
    assert [trouble for person in people for trouble in person.troubles] == []


def judge(seen: list[tuple[float, dict[str, tuple[int, int]]]], seconds: list[float], states: list[JobState]) -> None:
    """Compare the first warm quarter with the last."""
    first = [values for share, values in seen if WARM <= share < 2 * WARM]
    last = [values for share, values in seen if share >= 1 - WARM]
    p95 = seconds[len(seconds) * 95 // 100]
    wal = max(values["wal"][0] for _, values in seen)
    tell(f"{len(states)} jobs, {len(seconds)} looks, p95 {p95 * 1000:.0f} ms, the log at most {wal >> 20} MB")
    grown = dict[str, float]()
    for module in set(first[0]) - {"wal"}:
        memory, files = (
            [statistics.median(values[module][what] for values in some if module in values) for some in (first, last)]
            for what in (0, 1)
        )
        grown[module] = memory[1] / memory[0] - 1
        tell(
            f"{module}: {memory[0] / 2**20:.0f} to {memory[1] / 2**20:.0f} MB, "
            f"{files[0]:.0f} to {files[1]:.0f} open files"
        )
        assert files[1] <= files[0] + 2
    assert states == [JobState.SUCCEEDED] * len(states)
    assert wal < WAL_BYTES
    assert p95 < LOOK_S
    assert max(grown.values()) < GROWTH, grown
