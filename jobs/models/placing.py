"""How models come to lie in their shared folder: one process at a time, converted where they are not in our form."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jobs.models.installed import weights_size
from storage.errors import OurFault

_CONVERSION_LIMIT_S = 900


class Unconvertible(OurFault):
    """A GGUF file that can't be read."""

    next_step = "Choose another file, or the folder of the same model with safetensors."


def convert(source: Path, target: Path) -> None:
    """Convert the GGUF file `source` into the folder `target`; raise Unconvertible.

    In a child process: it needs torch and much memory, and gives both back when it ends.
    """
    project = Path(__file__).parents[2]
    command = [sys.executable, "-m", "jobs.models.converting", str(source), str(target)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    limit = _CONVERSION_LIMIT_S
    try:
        done = subprocess.run(
            command, cwd=project, env=environment, capture_output=True, text=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unconvertible(f"The model could not be converted within {limit // 60} minutes.") from error
    if done.returncode != 0 or not weights_size(target):
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Unconvertible(f"The model could not be converted: {last}")


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock file `path` alone; the operating system frees it when this process ends in any way."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
