"""Workers killed again and again at random: no job is lost, none succeeds twice, no two runs of one overlap."""

import random
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from jobs.queue import Queue
from storage.records import JobState
from storage.settings import Settings
from storage.workspace import Workspace
from tests.faults.forked import fork_server, start_worker
from tests.faults.judging import faults
from tests.faults.lanes import FULL, lane, tell
from tests.faults.stub import STUBS, LightStub, Stub, journal

LIFE_S = (0.0, 1.2)
IN_LINE = 6
AT_WORK = 0.7  # so often a kill waits for a job that runs, otherwise it may hit a start
AT_WORK_WITHIN_S = 15.0
# A job that was hit three times waits half a minute before it starts again, one hit eight times a quarter hour.
GIVE_UP_S = lane(240.0, 2400.0)
LEAST_RUNNING = 0.4


@dataclass
class Siege:
    """Workers of one queue, each with a home of its own, under fire."""

    context: ForkServerContext
    workspaces: Sequence[Workspace]
    ids: dict[str, str] = field(default_factory=dict)
    workers: list[BaseProcess] = field(default_factory=list)
    kills: int = 0
    hits: int = 0

    @property
    def queue(self) -> Queue:
        """The one queue of all."""
        return Queue(self.workspaces[0].database, self.workspaces[0].clock)

    def start(self) -> None:
        """Start a worker in every home."""
        self.workers = [start_worker(self.context, workspace.settings) for workspace in self.workspaces]

    def fill(self) -> None:
        """Keep some jobs in the line that could start now; those hit often wait for a while."""
        waiting = sum(len(self.queue.candidates(lane_name, STUBS)) for lane_name in ("device", "light"))
        for _ in range(IN_LINE - waiting):
            request = random.choice([Stub(how="trace", seconds=0.5), LightStub(how="trace", seconds=0.5)])
            key = str(uuid.uuid4())
            self.ids[key] = self.queue.enqueue(request, key).id

    def strike(self) -> None:
        """Kill a worker at a random moment of its life and start its successor."""
        number = random.randrange(len(self.workers))
        if random.random() < AT_WORK:
            until = time.monotonic() + AT_WORK_WITHIN_S
            while not self._works(number) and time.monotonic() < until:
                time.sleep(0.02)
            time.sleep(random.uniform(0.0, 0.3))
        else:
            time.sleep(random.uniform(*LIFE_S))
        self.hits += self._works(number)
        self.workers[number].kill()
        self.workers[number].join()
        self.kills += 1
        self.workers[number] = start_worker(self.context, self.workspaces[number].settings)

    def _works(self, number: int) -> bool:
        """Whether a job runs in that worker just now."""
        running = {(job.id, job.fence) for job in self.queue.unfinished() if job.state is JobState.RUNNING}
        return any((note["job"], note["fence"]) in running for note in journal(self.workspaces[number].home))

    def finish(self) -> None:
        """Let the workers come to the end of the line, then end them."""
        until = time.monotonic() + GIVE_UP_S
        while (left := self.queue.unfinished()) and time.monotonic() < until:
            time.sleep(0.1)
        assert not left, left
        self.end()

    def end(self) -> None:
        """Kill what is left."""
        for worker in self.workers:
            worker.kill()
            worker.join()


@pytest.fixture(scope="module")
def context() -> ForkServerContext:
    return fork_server()


@pytest.fixture
def besiege(context: ForkServerContext) -> Iterator[Callable[..., Siege]]:
    with ExitStack() as opened:

        def begin(*settings: Settings) -> Siege:
            workspaces = [Workspace.open(one) for one in settings]
            siege = Siege(context, workspaces)
            for workspace in workspaces:
                opened.callback(workspace.close)
            opened.callback(siege.end)
            siege.start()
            return siege

        yield begin


def hold_out(siege: Siege, kills: int) -> None:
    """Kill so often, let the line come to its end, and judge."""
    while siege.kills < kills:
        siege.fill()
        siege.strike()
    siege.finish()
    homes = [workspace.home for workspace in siege.workspaces]
    states = [siege.queue.get(job_id).state for job_id in siege.ids.values()]
    tell(
        f"{siege.kills} kills, {siege.hits} of them hit a running job, {len(states)} jobs, "
        f"{states.count(JobState.SUCCEEDED)} succeeded, {sum(len(journal(home)) for home in homes)} notes"
    )
    assert faults(siege.workspaces[0], siege.ids, homes) == []
    assert states == [JobState.SUCCEEDED] * len(states)
    if FULL:  # of a handful of kills chance decides
        assert siege.hits >= LEAST_RUNNING * siege.kills


def test_killing_the_worker_loses_nothing_and_doubles_nothing(besiege: Callable[..., Siege], tmp_path: Path) -> None:
    hold_out(besiege(Settings(home=tmp_path / "home")), lane(50, 200))


@pytest.mark.postgres
def test_killing_two_workers_of_one_postgres_loses_nothing(
    besiege: Callable[..., Siege], tmp_path: Path, postgres_url: str
) -> None:
    homes = [Settings(home=tmp_path / name, database_url=postgres_url) for name in ("one", "other")]
    hold_out(besiege(*homes), lane(20, 200))
