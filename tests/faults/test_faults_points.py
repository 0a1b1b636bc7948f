"""A worker that dies, errs or finds the disk full at each named place: nothing is lost, doubled or left half done."""

import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from jobs.queue import Queue
from storage.failpoints import POINTS
from storage.records import JobState
from storage.settings import Settings
from storage.workspace import Workspace
from tests.faults import everything
from tests.faults.everything import ASKED, ENDS
from tests.faults.judging import faults
from tests.faults.lanes import FULL, lane
from tests.faults.lanes import tell as say

LONGEST_S = 45
STUCK_S = 5
# A job whose worker died three times waits 60 s, give or take a fifth, until it is tried again: a worker that is
# left in peace may spend them all.
PEACE_S = 2 * LONGEST_S
AT_ONCE = 3
ONCE, FROM_THEN_ON = "1", "1+"
# Only a worker that finds another's death comes to these.
RESCUES = {"rescue.commit", "rescue.committed"}
DEATH, SECOND_DEATH = "spawn.after:1:kill", "rescue.commit:1:kill"


@dataclass(frozen=True)
class Story:
    """What befalls the workers of one home, one after another, before one is left in peace."""

    name: str
    home: Path
    failpoints: Sequence[str]


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.everything"])
    return context


def live(context: ForkServerContext, home: Path, failpoint: str, within_s: float) -> int | None:
    """Let a worker go through everything and return its exit code; None where it had to be killed in the end."""
    process = context.Process(target=everything.go_through, args=(home, None, failpoint))
    process.start()
    if failpoint and not failpoint.endswith("kill"):
        within_s = _until_reached(process, home, failpoint, within_s)
    process.join(within_s)
    ended = process.exitcode
    process.kill()
    process.join()
    return ended


def _until_reached(process: BaseProcess, home: Path, failpoint: str, within_s: float) -> float:
    """Wait until the worker came to the place, and return how long it may go on from there."""
    until = time.monotonic() + within_s
    while time.monotonic() < until and process.is_alive() and not everything.reached(home, failpoint):
        time.sleep(0.2)
    return STUCK_S


def tell(context: ForkServerContext, story: Story) -> list[str]:
    """Let it happen and return what is wrong then; a worker left in peace ends well."""
    for failpoint in story.failpoints:
        live(context, story.home, failpoint, LONGEST_S)
    ended = live(context, story.home, "", PEACE_S)
    workspace = Workspace.open(Settings(home=story.home))
    try:
        queue = Queue(workspace.database, workspace.clock)
        ids = {how: queue.enqueue(request, how).id for how, request in ASKED.items()}
        found = faults(workspace, ids) + ([] if ended == 0 else [f"the last worker ended with {ended}"])
        for how, job_id in ids.items():
            job = queue.get(job_id)
            # An error that nobody foresaw may be a job's end, and so may dying again and again; a full disk never.
            blamed = any("raise" in said or FROM_THEN_ON in said for said in story.failpoints)
            allowed = {ENDS[how], JobState.FAILED} if blamed else {ENDS[how]}
            found += [] if job.state in allowed else [f"{how}: {job.state} {job.failure_kind} {job.failure_text}"]
    finally:
        workspace.close()
    found += [
        f"{point} was not reached" for point in story.failpoints[:-1] if not everything.reached(story.home, point)
    ]
    return [f"{story.name}: {what}" for what in found]


def stories(folder: Path, what: str, nth: str, points: Sequence[str] = POINTS) -> list[Story]:
    """One story a place: it happens there, a second death in the recovery, then peace."""
    found: list[Story] = []
    for number, point in enumerate(points):
        before = [DEATH] if point in RESCUES else []
        said = f"{point}:{nth}:{what}"
        found.append(Story(said, folder / f"{number}", [*before, said, SECOND_DEATH]))
    return found


def all_of(context: ForkServerContext, told: Sequence[Story]) -> list[str]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = [what for found in pool.map(lambda story: tell(context, story), told) for what in found]
    what = told[0].name.partition(":")[2]
    say(f"{len(told)} fail-points, {what}, each with a death in the recovery: {len(found)} faults")
    return found


def test_a_death_at_any_place_and_another_in_the_recovery(processes: ForkServerContext, tmp_path: Path) -> None:
    assert all_of(processes, stories(tmp_path, "kill", ONCE, POINTS)) == []


@pytest.mark.parametrize(("what", "first"), [("raise", 0), ("enospc", 1)])
def test_an_error_at_any_place(processes: ForkServerContext, tmp_path: Path, what: str, first: int) -> None:
    points = lane(POINTS[first::4], POINTS)
    assert all_of(processes, stories(tmp_path, what, ONCE, points)) == []


@pytest.mark.skipif(not FULL, reason="it takes a quarter of an hour: make faults")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("what", ["kill", "raise", "enospc"])
def test_what_happens_from_then_on_ends_with_its_cause(processes: ForkServerContext, tmp_path: Path, what: str) -> None:
    assert all_of(processes, stories(tmp_path, what, FROM_THEN_ON)) == []
