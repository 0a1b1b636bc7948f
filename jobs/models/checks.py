"""Whether a model was tried out before it is offered, and what came of it; trying runs in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from jobs.models.catalogue import ModelEntry
from jobs.models.fitting import Fit, fits
from jobs.models.installed import Check, Installed, installed
from jobs.models.machine import Machine, look
from jobs.models.own import known_model
from storage.errors import Missing, NotAllowed
from storage.files import MANIFEST, write_atomically
from storage.records import Json

_LIMIT_S = 1200
_LOOK_EVERY_S = 0.2
# What the libraries take beside the model, and room for an estimate that was too low.
_BESIDE_BYTES, _SCALE = 2_000_000_000, 1.5
_WORDS = {
    "load": "being loaded",
    "template": "its template was filled in",
    "tokens": "texts were turned into tokens and back",
    "answer": "it answered",
    "learn": "it was taught",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """When a trial is ended from outside: after so many seconds, or above so many bytes of memory."""

    seconds: float
    memory_bytes: int


def checked(models: Path, model_id: str, alive: Callable[[], None], *, again: bool = False) -> Check:
    """Return what came of trying a model that is here, trying it now where nobody has; the result is kept.

    `alive` is called several times a second and may raise to stop. Raises NotFound or Missing.
    """
    model = known_model(models, model_id)
    found = installed(models, model_id)
    if found is None:
        raise Missing(f"The model {model.title!r} is not on this computer yet.", "Fetch it first.")
    if found.check is not None and not again:
        return found.check
    check = try_out(found, model, look(), alive)
    keep_check(found, check)
    return check


def require_usable(models: Path, model_id: str, alive: Callable[[], None]) -> None:
    """Try a model that is here where nobody has; raise NotAllowed where it can't be used."""
    check = checked(models, model_id, alive)
    if not check.ok:
        raise NotAllowed(
            f"{known_model(models, model_id).title} can't be used: {check.reason}", "Choose another model."
        )


def keep_check(found: Installed, check: Check) -> None:
    """Write what came of a trial into the model's manifest, beside the hashes of its files."""
    file = found.folder / MANIFEST
    manifest = json.loads(file.read_bytes())
    manifest["check"] = asdict(check)
    write_atomically(file, json.dumps(manifest, indent=1, sort_keys=True).encode())


def try_out(found: Installed, model: ModelEntry, machine: Machine, alive: Callable[[], None]) -> Check:
    """Try a model in a process of its own: template, tokens, one answer and, where there is room, a few steps."""
    fit, now = fits(machine, model), time.time()
    if not fit.answers:
        needs, room = fit.answering_bytes / 1e9, machine.room_bytes / 1e9
        return Check(False, None, f"It needs about {needs:.1f} GB to answer; there is room for {room:.1f} GB.", now)
    command = [sys.executable, "-m", "jobs.trying", str(found.folder), *(["--learn"] if fit.trains else [])]
    told, why = run_limited(command, Limits(_LIMIT_S, _most(fit)), alive)
    if why:
        return Check(False, None, why, now)
    return Check(told["ok"], fit.trains if told["ok"] else None, told["reason"], now)


def _most(fit: Fit) -> int:
    needs = max(fit.answering_bytes, fit.training_bytes if fit.trains else 0)
    return int(needs * _SCALE) + _BESIDE_BYTES


def run_limited(command: list[str], limits: Limits, alive: Callable[[], None]) -> tuple[Json, str]:
    """Return what the trial told at its end, or why it did not get there."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "USE_HUB_KERNELS": "0", "TRANSFORMERS_VERBOSITY": "error"}
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(
            command, cwd=Path(__file__).parents[2], env=environment, stdout=said, stderr=subprocess.DEVNULL, text=True
        )
        try:
            why = _watched(child, limits, alive)
        finally:
            if child.poll() is None:
                child.kill()
            child.wait()
        said.seek(0)
        lines: list[Json] = [json.loads(line) for line in said if line.startswith("{")]
    last: Json = lines[-1] if lines else {"step": "load"}
    if "ok" in last:
        return last, ""
    doing = _WORDS.get(str(last.get("step")), "being tried")
    return last, why or f"It broke off while {doing}."


def _watched(child: "subprocess.Popen[str]", limits: Limits, alive: Callable[[], None]) -> str:
    """Wait for the child's end; return why it was ended from outside, empty where it ended by itself."""
    until, process = time.monotonic() + limits.seconds, psutil.Process(child.pid)
    while child.poll() is None:
        alive()
        try:
            used = process.memory_info().rss
        except psutil.NoSuchProcess:
            break
        if used > limits.memory_bytes:
            return f"It took more than {limits.memory_bytes / 1e9:.1f} GB of memory."
        if time.monotonic() > until:
            return f"It did not answer and learn within {limits.seconds / 60:.0f} minutes."
        time.sleep(_LOOK_EVERY_S)
    return ""
