"""Real processes of one home, started for a test that kills them; whatever is left of them is killed at its end."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from storage.settings import Settings
from tests.conftest import PROJECT
from tests.serving import tiny_models


class Processes:
    """Starts model servers and other processes of one home, with tiny models, and ends them."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home, models=tiny_models())
        self.file = home / "run" / "server.json"
        self.environment = {**os.environ, "TRIPTYCH_HOME": str(home), "TRIPTYCH_MODELS": str(tiny_models())}
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a model server."""
        return self.run("jobs.serving", *arguments)

    def run(self, module: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Start `python -m module`, with these variables beside the home's."""
        command = [sys.executable, "-m", module, *arguments]
        pipe, environment = subprocess.PIPE, {**self.environment, **variables}
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=pipe, stderr=pipe, text=True)
        self.started.append(process)
        return process

    def listening(self) -> Path:
        """Wait until a model server has told where it listens, and return its file."""
        end = time.monotonic() + 60
        while not self.file.exists() and time.monotonic() < end:
            time.sleep(0.05)
        return self.file

    def end(self) -> None:
        """Kill what still runs."""
        for process in self.started:
            process.kill()
            process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe:
                    pipe.close()


def until(true: Callable[[], object], within_s: float = 30.0) -> None:
    """Wait until it is true; fail after `within_s`."""
    ends = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)
