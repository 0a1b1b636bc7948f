"""Jobs that do nothing but behave in a certain way, and the worker and child process that know only these."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

from jobs.context import JobContext, Made
from jobs.executors import child
from jobs.executors.watching import Timing
from jobs.kinds import Kind
from jobs.requests import Lane, Request
from jobs.worker import main

TIMING = Timing(tick_s=0.05, beat_s=0.5, rescue_s=0.5, listen_s=1.0, kill_s=1.0, stop_s=3.0, linger_s=2.0)

HOG, HOG_BYTES = "control-group", 400 << 20

How = Literal["finish", "steps", "trace", "deaf", "die", "leave behind", "made after stop", "hog"]


class Stub(Request):
    """A job of the heavy lane that behaves as `how` says and writes its start and end to a journal."""

    lane: ClassVar[Lane] = "device"
    kind: Literal["stub"] = "stub"
    how: How = "finish"
    seconds: float = 0.0


class LightStub(Stub):
    """The same in a thread of the worker."""

    lane: ClassVar[Lane] = "light"
    kind: Literal["light-stub"] = "light-stub"  # pyright: ignore[reportIncompatibleVariableOverride]


def work(request: Stub, context: JobContext) -> Made:
    """Behave as asked."""
    note(context, "start")
    try:
        return _BEHAVIOURS[request.how](request, context)
    finally:
        note(context, "end")


def _finish(request: Stub, context: JobContext) -> Made:
    time.sleep(request.seconds)
    return Made({"fence": context.fence})


def _steps(request: Stub, context: JobContext) -> Made:
    until, step = time.monotonic() + request.seconds, 0
    while time.monotonic() < until:
        step += 1
        context.report("train", step)
        context.check()
        if context.finish_requested():
            return Made({"steps": step}, stop_reason="kept")
        time.sleep(0.05)
    return Made({"steps": step})


def _trace(request: Stub, context: JobContext) -> Made:
    """Note every moment of it, so that two runs at once would be seen."""
    until = time.monotonic() + request.seconds
    while time.monotonic() < until:
        note(context, "lives")
        context.check()
        time.sleep(0.02)
    return Made()


def _deaf(request: Stub, _context: JobContext) -> Made:
    if request.kind == "stub":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(request.seconds)
    return Made()


def _die(_request: Stub, _context: JobContext) -> Made:
    os.kill(os.getpid(), signal.SIGKILL)
    return Made()


def _leave_behind(_request: Stub, _context: JobContext) -> Made:
    left = subprocess.Popen(["sleep", "60"], close_fds=False)
    return Made({"pid": left.pid})


def _made_after_stop(_request: Stub, context: JobContext) -> Made:
    while not context.cancelled():
        time.sleep(0.05)
    return Made({"half": "done"})


def _hog(_request: Stub, context: JobContext) -> Made:
    """Take more memory than the control group allows that a test made for it."""
    group = Path((context.workspace.home / HOG).read_text())
    (group / "cgroup.procs").write_text(str(os.getpid()))
    return Made({"bytes": len(bytearray(HOG_BYTES))})


_BEHAVIOURS = {
    "finish": _finish,
    "steps": _steps,
    "trace": _trace,
    "deaf": _deaf,
    "die": _die,
    "leave behind": _leave_behind,
    "made after stop": _made_after_stop,
    "hog": _hog,
}


def note(context: JobContext, what: str) -> None:
    """Append one line to the journal in one write, as no lock is needed for."""
    entry = {"job": context.job.id, "fence": context.fence, "what": what, "pid": os.getpid(), "at": time.monotonic()}
    handle = os.open(context.workspace.home / "journal", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, (json.dumps(entry) + "\n").encode())
    os.close(handle)


def journal(home: Path) -> list[dict[str, Any]]:
    """Return what the jobs noted so far."""
    path = home / "journal"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


STUBS = {
    "stub": Kind(Stub, "tests.faults.stub:work", own_process=True),
    "light-stub": Kind(LightStub, "tests.faults.stub:work"),
}


def run(arguments: Sequence[str]) -> int:
    """Be the worker without arguments, a child process of it with them."""
    return child.main(arguments, STUBS) if arguments else main(STUBS, "tests.faults.stub", TIMING)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
