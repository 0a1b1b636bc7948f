"""A worker, and a person beside it, that go through every transition of the queue: what fail-points are tried on."""

import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Literal

from jobs.context import Interrupted, JobContext, Made, OutOfDeviceMemory
from jobs.executors import child
from jobs.executors.watching import Timing
from jobs.kinds import Kind
from jobs.queue import Queue
from jobs.requests import Lane, Request
from jobs.training.checkpoints import Checkpoints
from jobs.worker import Worker
from storage.errors import UserFault
from storage.failpoints import VARIABLE
from storage.files import publish, remove_tree
from storage.records import Adapter, JobState
from storage.settings import Settings
from storage.workspace import Workspace
from tests.faults.stub import note

TIMING = Timing(tick_s=0.02, beat_s=0.2, rescue_s=0.2, listen_s=0.5, kill_s=0.5, stop_s=1.0, linger_s=0.5)
STEPS = 3
SAID = "said"

How = Literal["publish", "die", "run out", "misuse", "be cancelled", "be interrupted", "fill the disk"]


class Heavy(Request):
    """A job in a process of its own that makes an adapter, or dies."""

    lane: ClassVar[Lane] = "device"
    makes_adapter: ClassVar[bool] = True
    kind: Literal["heavy"] = "heavy"
    how: How = "publish"
    megabytes: int = 0  # the size of each checkpoint and of the adapter


class Light(Request):
    """A job in a thread of the worker, which ends in one of the other ways."""

    kind: Literal["light"] = "light"
    how: How


ASKED: Mapping[How, Request] = {
    "publish": Heavy(),
    "die": Heavy(how="die"),
    "run out": Light(how="run out"),
    "misuse": Light(how="misuse"),
    "be cancelled": Light(how="be cancelled"),
    "be interrupted": Light(how="be interrupted"),
    "fill the disk": Light(how="fill the disk"),
}
ENDS: Mapping[How, JobState] = {
    **dict.fromkeys(ASKED, JobState.SUCCEEDED),
    "misuse": JobState.FAILED,
    "be cancelled": JobState.CANCELLED,
}


def go_through(home: Path, database_url: str | None, failpoint: str) -> None:
    """Ask for every job, work until all have ended, and end; or die at the fail-point, as the test wishes."""
    home.mkdir(exist_ok=True)
    os.dup2(os.open(home / SAID, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), 2)
    os.environ.update({"TRIPTYCH_HOME": str(home), VARIABLE: failpoint})
    if database_url is not None:
        os.environ["TRIPTYCH_DATABASE_URL"] = database_url
    workspace = Workspace.open(Settings())
    worker = Worker(workspace, ["cpu:0", "cpu:1"], kinds=KINDS, child=__name__, timing=TIMING)
    threading.Thread(target=_be_the_person, args=(workspace, worker.stopping), daemon=True).start()
    worker.run()


def serve(home: Path) -> None:
    """Be a worker until killed, with nobody beside it; a worker that can't begin ends."""
    os.environ["TRIPTYCH_HOME"] = str(home)
    Worker(Workspace.open(Settings()), ["cpu:0"], kinds=KINDS, child=__name__, timing=TIMING).run()


def _be_the_person(workspace: Workspace, done: threading.Event) -> None:
    """Ask, cancel what is to be cancelled, free the disk; an error is the end of the process, as a crash is."""
    try:
        queue = Queue(workspace.database, workspace.clock)
        ids = {how: queue.enqueue(request, how).id for how, request in ASKED.items()}
        while not all(queue.get(job_id).state.final for job_id in ids.values()):
            if queue.get(ids["be cancelled"]).state is JobState.RUNNING:
                queue.request_cancel(ids["be cancelled"])
            if queue.paused():
                queue.resume()
            time.sleep(0.05)
        done.set()
    finally:
        if not done.is_set():
            os._exit(1)


def reached(home: Path, failpoint: str) -> bool:
    """Whether a process of this home told that it came to the fail-point."""
    said = [home / SAID, *(home / "logs").glob("*.log")]
    return any(f"fail-point {failpoint}\n" in path.read_text() for path in said if path.is_file())


def work(request: Heavy | Light, context: JobContext) -> Made:
    """Behave as asked; what goes wrong does so once."""
    note(context, "start")
    try:
        return _BEHAVIOURS[request.how](context)
    finally:
        note(context, "end")


def _publish(context: JobContext) -> Made:
    checkpoints, size = Checkpoints(context, {}), int(context.job.spec["megabytes"])
    newest = checkpoints.newest()
    done = int((newest / "step").read_text()) if newest is not None else 0
    for step in range(done + 1, STEPS + 1):
        context.check()
        context.report("train", step, STEPS)
        checkpoints.keep(step, lambda folder, step=step: _write(folder / "step", step, size))
    job, folder = context.job, context.workspace.folder("adapters")
    target = folder / f"{job.adapter_id}-f{context.fence}"
    temporary = target.with_name(f".tmp-{target.name}")
    remove_tree(temporary)
    temporary.mkdir()
    _write(temporary / "weights", context.fence, size)
    sha256 = publish(temporary, target, job_id=job.id)
    path = str(target.relative_to(context.workspace.home))
    made = Adapter(
        id=str(job.adapter_id),
        job_id=job.id,
        name="Made by a test",
        base_id="b",
        base_sha256="b",
        adapter_sha256="a",
        dataset_id="d",
        path=path,
        manifest_sha256=sha256,
        report={},
        created_at=context.workspace.clock(),
    )
    return Made(adapter=made)


def _die(context: JobContext) -> Made:
    if _first_time(context):
        os.kill(os.getpid(), signal.SIGKILL)
    return _publish(context)


def _run_out(context: JobContext) -> Made:
    if not context.halvings:
        raise OutOfDeviceMemory("There is too little of it.")
    return Made()


def _misuse(_context: JobContext) -> Made:
    raise UserFault("This was not meant.", "Do something else.")


def _be_cancelled(context: JobContext) -> Made:
    while True:
        context.check()
        time.sleep(0.05)


def _be_interrupted(context: JobContext) -> Made:
    if _first_time(context):
        raise Interrupted
    return Made()


def _fill_the_disk(context: JobContext) -> Made:
    if _first_time(context):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return Made()


def _write(path: Path, number: int, megabytes: int) -> None:
    path.with_name("payload").write_bytes(os.urandom(megabytes << 20))
    path.write_text(str(number))


def _first_time(context: JobContext) -> bool:
    mark = context.workspace.home / f"mark-{context.job.id}"
    if mark.exists():
        return False
    mark.touch()
    return True


_BEHAVIOURS: Mapping[How, Callable[[JobContext], Made]] = {
    "publish": _publish,
    "die": _die,
    "run out": _run_out,
    "misuse": _misuse,
    "be cancelled": _be_cancelled,
    "be interrupted": _be_interrupted,
    "fill the disk": _fill_the_disk,
}
KINDS = {
    "heavy": Kind(Heavy, "tests.faults.everything:work", own_process=True),
    "light": Kind(Light, "tests.faults.everything:work"),
}


def run(arguments: Sequence[str]) -> int:
    """Be a child process of the worker; what has befallen one of its children before does not befall this one."""
    point = os.environ.get(VARIABLE, "")
    if (
        point
        and not point.partition(":")[2].partition(":")[0].endswith("+")
        and reached(Path(os.environ["TRIPTYCH_HOME"]), point)
    ):
        del os.environ[VARIABLE]
    return child.main(arguments, KINDS)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
