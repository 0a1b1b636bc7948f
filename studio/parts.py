"""The parts of a studio as child processes: started, watched, restarted, stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from jobs.models.threads import SEARCHING
from storage.settings import Settings

PROJECT = Path(__file__).parents[1]
_LOG_LIMIT_BYTES = 5 * 1024 * 1024
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 8.0  # a part that died is back within ten seconds
_SETTLED_AFTER_S = 60.0
_STOP_WITHIN_S = 12.0
_LEASH = Path(__file__).with_name("leash.py")


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the studio: its name, the module it runs and what it is called in a sentence."""

    name: str
    module: str
    title: str


WEB = Part("web", "studio.web", "the pages")
WORKER = Part("worker", "jobs.worker", "the worker")
MODEL = Part("model", "jobs.serving", "the model server")
ORDERS = Part("orders", "jobs.sample", "the order service")


class Watched:
    """One part as a child process: `look` starts it where it lacks, and again, after a pause, when it died."""

    def __init__(self, part: Part, settings: Settings, runs_elsewhere: Callable[[], bool]) -> None:
        self.part = part
        self.deaths = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._settings = settings
        self._runs_elsewhere = runs_elsewhere
        self._started_at = 0.0
        self._next_start = 0.0

    @property
    def log(self) -> Path:
        """The file that takes what the part writes."""
        return self._settings.home.expanduser() / "logs" / f"{self.part.name}.log"

    def look(self, now: float) -> str:
        """Start the part where it lacks; return "started", "died" or, where nothing changed, an empty string."""
        if self.process is not None:
            if self.process.poll() is None:
                return ""
            self._note_death(now)
            return "died"
        if now < self._next_start or self._runs_elsewhere():
            return ""
        self.process = start(self.part, self._settings, self.log)
        self._started_at = now
        return "started"

    def last_words(self) -> str:
        """Return the last line that the part wrote."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").split("\n") if self.log.exists() else []
        return next((line.strip() for line in reversed(lines) if line.strip()), "it wrote nothing")

    def end(self) -> None:
        """Ask the process to end; `stop_all` waits for it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def _note_death(self, now: float) -> None:
        if now - self._started_at > _SETTLED_AFTER_S:
            self.deaths = 0
        self._next_start = now + min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**self.deaths)
        self.deaths += 1
        self.process = None


def start(part: Part, settings: Settings, log: Path) -> subprocess.Popen[bytes]:
    """Start one part as a child that ends with this process; what it writes goes to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-IS", str(_LEASH), str(os.getpid()), sys.executable, "-m", part.module],
            cwd=PROJECT,  # -m looks for modules in the working folder first: no stranger's may stand there
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches this process alone, which then stops its children in order
        )


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables of a part: those of this process with the folders made absolute and the pages' own."""
    home = settings.home.expanduser().absolute()
    return {
        **os.environ,
        "TRIPTYCH_HOME": str(home),
        "TRIPTYCH_MODELS": str(settings.models.expanduser().absolute()),
        "TRIPTYCH_PORT": str(settings.port),
        "PYTHONUNBUFFERED": "1",
        "GRADIO_TEMP_DIR": str(home / "gradio"),
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        **SEARCHING,
    }


def stop_all(watched: Iterable[Watched], within_s: float = _STOP_WITHIN_S) -> None:
    """End every part: asked first, killed with all its children when it does not listen."""
    running = [one for one in watched if one.process is not None]
    for one in running:
        one.end()
    until = time.monotonic() + within_s
    for one in running:
        if one.process is not None:
            _finish(one.process, until - time.monotonic())
            one.process = None


def _finish(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(max(0.1, seconds))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
