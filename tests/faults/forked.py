"""Workers started fast: forked from a server that has loaded everything once, and as easily killed as any."""

import multiprocessing
import os
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from jobs.executors.watching import Timing
from jobs.queue import owning, rescuing
from jobs.worker import Worker
from storage.settings import Settings
from storage.workspace import Workspace
from tests.faults.stub import STUBS

QUICK = Timing(tick_s=0.02, beat_s=0.2, rescue_s=0.2, listen_s=0.5, kill_s=0.5, stop_s=1.0, linger_s=0.5)


def fork_server(*modules: str) -> ForkServerContext:
    """Return what starts processes in which these modules are loaded already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.forked", "tests.faults.everything", *modules])
    return context


def serve(home: Path, database_url: str | None, lease_s: float | None = None) -> None:
    """Be a worker of the stubs until killed, with shorter leases where a test can't wait for real ones."""
    if lease_s is not None:
        owning.LEASE_S, rescuing.LEASE_GRACE_S = lease_s, lease_s / 4
    os.environ["TRIPTYCH_HOME"] = str(home)
    if database_url is not None:
        os.environ["TRIPTYCH_DATABASE_URL"] = database_url
    Worker(Workspace.open(Settings()), ["cpu:0"], kinds=STUBS, child="tests.faults.stub", timing=QUICK).run()


def start_worker(context: ForkServerContext, settings: Settings, lease_s: float | None = None) -> BaseProcess:
    """Start a worker of that home and database."""
    worker = context.Process(target=serve, args=(settings.home, settings.database_url, lease_s))
    worker.start()
    return worker
