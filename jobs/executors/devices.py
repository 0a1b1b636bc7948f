"""Which devices this computer has for heavy jobs, found without loading anything heavy."""

import logging
import shutil
import subprocess
from collections.abc import Mapping

log = logging.getLogger(__name__)

_ONLY_PROCESSOR = ("cpu:0",)
_ASK_TIMEOUT_S = 30


def devices(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return one name for each graphics card that may be used (`cuda:0`, …), or the processor's where there is none."""
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        chosen = [number.strip() for number in visible.split(",")]
        if "-1" in chosen:
            chosen = chosen[: chosen.index("-1")]
        return tuple(f"cuda:{number}" for number in chosen if number) or _ONLY_PROCESSOR
    return tuple(f"cuda:{number}" for number in _cards()) or _ONLY_PROCESSOR


def _cards() -> list[str]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    try:
        said = subprocess.run(
            [program, "--query-gpu=index", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            timeout=_ASK_TIMEOUT_S,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        log.warning("The graphics card does not answer (%s); jobs use the processor.", error)
        return []
    return said.stdout.split()
