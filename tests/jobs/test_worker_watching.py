"""A worker's patience with one job: who is asked to stop, when it is killed, and how its row is settled."""

import time

import pytest

from jobs.executors.watching import Place, Timing, Watched
from jobs.queue import Queue, Slot
from jobs.queue.rescuing import End
from jobs.requests import Train
from storage.locks import Locks
from storage.records import Job, JobState
from storage.workspace import Workspace

SLOT = Slot("here", "cpu:0")
NEVER = 1000.0
SHORT = 0.05


class ScriptedRun:
    """A run that notes what it is told and ends when it is killed."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.running = True
        self.ended_by: End = "killed for memory"

    def alive(self) -> bool:
        return self.running

    def cause(self) -> End:
        return self.ended_by

    def stop(self) -> None:
        self.told.append("stop")

    def kill(self) -> None:
        self.told.append("kill")
        self.running = False


class Case:
    """One claimed job under watch."""

    def __init__(self, workspace: Workspace, timing: Timing) -> None:
        self.queue = Queue(workspace.database, workspace.clock)
        self.queue.offer([SLOT])
        claimed = self.queue.claim(self.queue.enqueue(Train(dataset_id="d"), "k").id, SLOT, "w")
        assert claimed is not None
        self.job: Job = claimed
        self.locks = Locks(workspace.folder("locks"))
        lock = self.locks.take("job")
        assert lock is not None
        self.run = ScriptedRun()
        self.watched = Watched(self.job, self.run, Place(workspace.home, SLOT, [lock]), timing)

    def look(self, *, worker_stops: bool = False) -> bool:
        return self.watched.look(self.queue, worker_stops=worker_stops)

    def look_until_over(self, *, worker_stops: bool = False) -> None:
        until = time.monotonic() + 5
        while self.look(worker_stops=worker_stops):
            assert time.monotonic() < until
            time.sleep(0.01)

    @property
    def state(self) -> JobState:
        return self.queue.get(self.job.id).state


def test_a_job_at_work_is_left_alone(workspace: Workspace) -> None:
    case = Case(workspace, Timing(beat_s=0))
    assert case.look()
    assert case.run.told == []
    assert case.locks.held("job")


def test_a_cancelled_job_may_listen_is_then_asked_and_then_killed(workspace: Workspace) -> None:
    case = Case(workspace, Timing(listen_s=SHORT, kill_s=SHORT))
    case.queue.request_cancel(case.job.id)
    assert case.look()
    assert case.run.told == []
    time.sleep(SHORT)
    assert case.look()
    assert case.run.told == ["stop"]
    case.look_until_over()
    assert case.run.told == ["stop", "kill"]
    assert case.state is JobState.CANCELLED
    assert not case.locks.held("job")


def test_a_worker_that_stops_asks_at_once_and_puts_the_job_back(workspace: Workspace) -> None:
    case = Case(workspace, Timing(stop_s=SHORT))
    assert case.look(worker_stops=True)
    assert case.run.told == ["stop"]
    case.look_until_over(worker_stops=True)
    row = case.queue.get(case.job.id)
    assert (row.state, row.attempt) == (JobState.QUEUED, 0)


def test_a_worker_that_stops_hastens_a_cancel_and_the_cancel_still_counts(workspace: Workspace) -> None:
    case = Case(workspace, Timing(listen_s=NEVER, kill_s=NEVER, stop_s=SHORT))
    case.queue.request_cancel(case.job.id)
    assert case.look()
    case.look_until_over(worker_stops=True)
    assert case.state is JobState.CANCELLED


def test_a_job_that_says_nothing_for_long_hangs(workspace: Workspace) -> None:
    case = Case(workspace, Timing(hang_s=SHORT, kill_s=SHORT))
    time.sleep(2 * SHORT)
    case.look_until_over()
    assert case.run.told == ["stop", "kill"]
    assert case.queue.events(case.job.id)[-1].reason == "hung at step 0"


@pytest.mark.parametrize("settled", ["succeeded", "queued"])
def test_a_process_that_stays_after_its_row_was_settled_is_ended(workspace: Workspace, settled: str) -> None:
    case = Case(workspace, Timing(linger_s=SHORT))
    if settled == "succeeded":
        case.queue.finish(case.job, result={})
    else:
        case.queue.interrupt(case.job, "x")
    assert case.look()
    assert case.run.told == []
    case.look_until_over()
    assert case.run.told == ["kill"]
    assert case.state == settled


def test_a_lost_claim_ends_the_run_at_once(workspace: Workspace) -> None:
    case = Case(workspace, Timing())
    case.queue.interrupt(case.job, "lost")
    again = case.queue.claim(case.job.id, SLOT, "other")
    assert again is not None
    case.look()
    assert case.run.told == ["kill"]
    assert not case.look()
    assert case.queue.get(case.job.id) == again


def test_a_run_that_ended_without_a_word_comes_back_with_its_cause(workspace: Workspace) -> None:
    case = Case(workspace, Timing())
    case.run.running = False
    assert not case.look()
    assert case.queue.events(case.job.id)[-1].reason == "killed for memory at step 0"


def test_a_run_that_found_the_disk_full_waits_for_space_and_is_not_blamed(workspace: Workspace) -> None:
    case = Case(workspace, Timing())
    case.run.running, case.run.ended_by = False, "disk full"
    assert not case.look()
    row = case.queue.get(case.job.id)
    assert (row.state, row.attempt) == (JobState.QUEUED, 0)
    assert (case.queue.paused() or "").startswith("disk:")


def test_out_of_touch_with_the_database_a_run_ends_before_its_lease_does(workspace: Workspace) -> None:
    case = Case(workspace, Timing())
    case.watched.out_of_touch(NEVER)
    assert case.run.told == []
    case.watched.out_of_touch(0)
    assert case.run.told == ["kill"]
