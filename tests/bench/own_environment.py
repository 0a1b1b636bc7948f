"""Virtual environments for the programs that a benchmark sets Triptych against, made once below the cache folder."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from platformdirs import user_cache_path

# Each step is the words after `pip install`.
Steps = Sequence[Sequence[str]]
Run = Callable[[Sequence[str]], object]
_NICE = 10


def bench_cache() -> Path:
    """Return the folder in which benchmarks keep what takes long to make."""
    return user_cache_path("triptych-bench")


def quietly(command: Sequence[str]) -> None:
    """Run a command so that other programs go first, and show what it printed only where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=lambda: os.nice(_NICE))
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {(done.stdout + done.stderr)[-2000:]}")


def own_environment(folder: Path, steps: Steps, run: Run = quietly) -> Path:
    """Return the Python of a virtual environment with these packages; made anew where it is not what is asked for."""
    python, stamp = folder / "bin" / "python", folder / "installed.json"
    wanted = json.dumps([list(step) for step in steps])
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    run([sys.executable, "-m", "venv", str(folder)])
    for step in steps:
        run([str(python), "-m", "pip", "--disable-pip-version-check", "install", "-q", *step])
    # Written last: with it, every step has come to its end.
    stamp.write_text(wanted, encoding="utf-8")
    return python
