"""People who reload or leave the page during a training, and a web process that dies: the job never notices."""

import random
import re
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jobs.queue import Queue
from jobs.requests import Train
from storage.records import JobState
from storage.settings import Settings
from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.test_browser_journey import health, part
from tests.faults.lanes import FULL, tell
from tests.running import LARKSPUR, Running, studio_running

pytestmark = [
    pytest.mark.skipif(not FULL, reason="it takes some minutes: make faults"),
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(1800),
]

MOMENTS, DEATHS = 20, (5, 12)
LONGEST_GAP_S = 3.0
WORDS = {
    JobState.QUEUED: "Waiting",
    JobState.RUNNING: "Running",
    JobState.SUCCEEDED: "Done",
}


def answers(running: Running) -> None:
    """Wait until the web process answers again."""
    until = time.monotonic() + 30
    while health(running) is None:
        assert time.monotonic() < until, "it does not come back"
        time.sleep(0.2)


def look(page: Page, running: Running, queue: Queue, job_id: str) -> float:
    """Open the page anew and return how long it took to show what the row says."""
    page.goto("about:blank")
    time.sleep(random.uniform(0, 1.5))
    page.goto(f"{running.url}/train?run={job_id}")
    began = time.monotonic()
    expect(page.locator("#run-standing")).to_contain_text(re.compile("|".join(WORDS.values())), timeout=20_000)
    seconds = time.monotonic() - began
    for _ in range(3):  # the row may change between the two looks
        row, shown = queue.get(job_id), page.locator("#run-standing").inner_text()
        if re.search(WORDS[row.state], shown):
            return seconds
        time.sleep(2.5)
    raise AssertionError(f"{row.state} is shown as {shown!r}")


def test_whoever_looks_sees_the_row_and_disturbs_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with studio_running(home) as running, chromium() as browser:
        dataset = running.triptych("dataset", "add", str(LARKSPUR / "faq.csv"), "--name", "larkspur")
        workspace = Workspace.open(Settings(home=home))
        queue = Queue(workspace.database, workspace.clock)
        job = queue.enqueue(Train(dataset_id=dataset["id"], preset="thorough"), "looked-at")
        page, slowest = browser.new_page(), 0.0
        for moment in range(MOMENTS):
            if moment in DEATHS:
                part(running, "studio.web").send_signal(signal.SIGKILL)
                answers(running)
            slowest = max(slowest, look(page, running, queue, job.id))
        done = queue.wait(job.id, 1200)
        tell(f"{MOMENTS} looks, {len(DEATHS)} deaths of the web process, the slowest look after {slowest:.1f} s")
        assert (done.state, done.fence, done.attempt) == (JobState.SUCCEEDED, 1, 1)
        look(page, running, queue, job.id)
        workspace.close()
    assert slowest <= LONGEST_GAP_S
