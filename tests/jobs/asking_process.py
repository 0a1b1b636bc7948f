"""Asks a question of a home and waits, as the web process does; run as `python -m tests.jobs.asking_process`."""

import sys
import time

from jobs.answering.compare import Comparing
from jobs.models.client import connect
from storage.records import Column
from storage.settings import Settings
from storage.workspace import Workspace

COLUMNS = (
    Column("base", "base", max_tokens=1500),
    Column("other", "base", instruction="Say it in other words.", max_tokens=1500),
)


def main() -> None:
    """Ask, tell the comparison's id, and stay until killed."""
    settings = Settings()
    workspace = Workspace.open(settings)
    comparison = Comparing(workspace, connect(settings)).ask("How long is a week?", COLUMNS)
    sys.stdout.write(f"{comparison.id}\n")
    sys.stdout.flush()
    time.sleep(600)


if __name__ == "__main__":
    main()
