"""The web process, run as `python -m studio.web`: opens the workspace, builds the pages and serves them."""

import logging
import os
import sys
import threading

import uvicorn

from jobs.answering.compare import Comparing
from jobs.models.choosing import keep_base
from jobs.models.client import connect
from jobs.models.patience import PatientDoor
from jobs.queue import Queue
from jobs.retrieval.renewing import renew_when_ready
from storage.errors import TriptychError
from storage.settings import Settings
from storage.workspace import Workspace
from studio.app import build_app
from studio.bench import Bench
from studio.pages import build_pages
from studio.security import refuse_unsafe
from studio.wording import failures

_LAST_ANSWERS_S = 3


def main() -> int:
    """Serve until a signal and return the exit code; what a person can mend is the last line written."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        serve(Settings())
    except TriptychError as error:
        sys.stderr.write(f"{failures.sentence(error)}\n")
        return 1
    return 0


def serve(settings: Settings) -> None:
    """Serve; answers in flight get a moment to end. Raises what opening the workspace raises."""
    refuse_unsafe(settings, os.environ)
    if settings.model_url is None:  # else the server that stands elsewhere settles it
        keep_base(settings)
    workspace = Workspace.open(settings)
    door = connect(settings)
    bench = Bench(workspace, Queue(workspace.database, workspace.clock), door, Comparing(workspace, door))
    # Who exchanges the embedding model starts the studio anew.
    renewing = (workspace, bench.queue, PatientDoor(door))
    threading.Thread(target=renew_when_ready, args=renewing, daemon=True, name="renewing").start()
    app = build_app(bench, build_pages(bench))
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_LAST_ANSWERS_S,
    )
    workspace.close()


if __name__ == "__main__":
    sys.exit(main())
