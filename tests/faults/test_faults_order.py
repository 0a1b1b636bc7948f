"""What the kernel is asked for while an adapter is published: each step is on the disk before the next."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.queue import Queue
from storage.files import MANIFEST
from storage.records import JobState
from storage.workspace import Workspace
from tests.conftest import PROJECT
from tests.faults.everything import Heavy

CALLS = "trace=fsync,fdatasync,rename,renameat,renameat2"
SERVE = "import sys, pathlib; from tests.faults.everything import serve; serve(pathlib.Path(sys.argv[1]))"
CALL = re.compile(r"(?:\d+ +)?(?P<name>fsync|fdatasync|rename\w*)\((?P<rest>.*)\) += 0")
BEGUN = re.compile(r"(?P<call>(?P<thread>\d+) .*) <unfinished \.\.\.>$")
ENDED = re.compile(r"(?P<thread>\d+) +<\.\.\. \w+ resumed>(?P<rest>.*)$")


def traced(home: Path, log: Path, queue: Queue, job_id: str) -> list[str]:
    """Let a traced worker do the job; return the calls as `sync PATH` and `rename OLD NEW`, names within the home."""
    command = ["strace", "-f", "-y", "-qq", "-s", "4096", "-e", CALLS, "-o", str(log), sys.executable, "-c", SERVE]
    with (home / "traced.log").open("wb") as said:
        worker = subprocess.Popen([*command, str(home)], cwd=PROJECT, stderr=said, start_new_session=True)
        try:
            done = queue.wait(job_id, 60)
        finally:
            os.killpg(worker.pid, signal.SIGKILL)  # what is traced outlives the tracer
            worker.wait()
    if "ptrace" in (home / "traced.log").read_text():
        pytest.skip("this machine lets nobody trace a process")
    assert done.state is JobState.SUCCEEDED
    found: list[str] = []
    for line in whole_calls(log.read_text().splitlines()):
        if match := CALL.search(line):
            inside = [path.removeprefix(f"{home}/") for path in re.findall(r'[<"](/[^>"]*)[>"]', match["rest"])]
            found.append(" ".join(["rename" if match["name"].startswith("rename") else "sync", *inside]))
    return found


def whole_calls(lines: list[str]) -> Iterator[str]:
    """Join the two halves of each call that another thread's came between, at the place where it ended."""
    begun: dict[str, str] = {}
    for line in lines:
        if half := BEGUN.match(line):
            begun[half["thread"]] = half["call"]
        elif half := ENDED.match(line):
            yield begun.pop(half["thread"], half["thread"]) + half["rest"]
        else:
            yield line


def test_a_call_in_two_halves_is_one_where_it_ended() -> None:
    lines = [
        '7 rename("/a", "/b" <unfinished ...>',
        "8 fsync(3</c>) = 0",
        "7 <... rename resumed>) = 0",
        "8 fsync(3</d>) = 0",
    ]
    assert list(whole_calls(lines)) == [lines[1], '7 rename("/a", "/b") = 0', lines[3]]


def test_an_adapter_is_on_the_disk_before_its_row_says_so(workspace: Workspace, tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    queue = Queue(workspace.database, workspace.clock)
    job = queue.enqueue(Heavy(), "k")
    calls = traced(workspace.home, tmp_path / "calls", queue, job.id)
    (adapter,) = workspace.adapters.list()
    name = Path(adapter.path).name
    new, old = f"adapters/{name}", f"adapters/.tmp-{name}"
    row = next(path for path in ("triptych.db-wal", "triptych.db") if f"sync {workspace_file(path, calls)}" in calls)
    expected = [
        f"sync {old}/payload",
        f"sync {old}/weights",
        next(call for call in calls if call.startswith(f"sync {old}/.{MANIFEST}")),
        next(call for call in calls if call.startswith("rename") and call.endswith(f" {old}/{MANIFEST}")),
        f"sync {old}",
        f"rename {old} {new}",
        "sync adapters",
        f"sync {workspace_file(row, calls)}",
    ]
    at = -1
    for call in expected:
        assert call in calls[at + 1 :], (call, calls)
        at = calls.index(call, at + 1)


def workspace_file(name: str, calls: list[str]) -> str:
    """Return how the calls name that file of the database, or the name itself where none does."""
    return next((path for call in calls for path in call.split()[1:] if path.endswith(name)), name)
