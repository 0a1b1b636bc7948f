"""A real Triptych for tests and benchmarks: its three processes in a home of their own, driven as a person would."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import PROJECT

LARKSPUR = PROJECT / "tests" / "data" / "larkspur"
_START_S = 90
_STOP_S = 30


@dataclass(frozen=True)
class Running:
    """A started studio: its address, its home, its process."""

    url: str
    home: Path
    process: subprocess.Popen[str]
    environment: dict[str, str]

    def triptych(self, *arguments: str) -> dict[str, Any]:
        """Run a command of the command line with --json and return its document; fail with its words."""
        command = [sys.executable, "-m", "studio", *arguments, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, env=self.environment, check=False)
        assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-500:]
        document: dict[str, Any] = json.loads(done.stdout)
        return document


def free_port() -> int:
    """Return a port of this computer that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def studio_running(home: Path, port: int | None = None) -> Iterator[Running]:
    """Start `triptych up` in `home`, wait for the address it prints, and stop it at the end as Ctrl-C would."""
    environment = {**os.environ, "TRIPTYCH_HOME": str(home), "PORT": str(port or free_port())}
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.stderr").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "studio", "up"],
            stdout=subprocess.PIPE, stderr=errors, text=True, cwd=PROJECT, env=environment, start_new_session=True,
        )  # fmt: skip
    try:
        yield Running(_address(process, home), home, process, environment)
    finally:
        _stop(process)


def _address(process: subprocess.Popen[str], home: Path) -> str:
    assert process.stdout is not None
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        line = process.stdout.readline()
        if "http://" in line:
            return line[line.index("http://") :].split()[0].rstrip("/.")
        if not line and process.poll() is not None:
            break
    raise AssertionError(f"it did not start: {(home / 'up.stderr').read_text()[-2000:]}")


def _stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    finally:
        if process.stdout:
            process.stdout.close()
