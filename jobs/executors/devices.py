"""Which devices this computer has for heavy jobs, found without loading anything heavy."""

import logging
import shutil
import subprocess
from collections.abc import Mapping

log = logging.getLogger(__name__)

_ONLY_PROCESSOR = ("cpu:0",)
_ASK_TIMEOUT_S = 30


def devices(environment: Mapping[str, str], together: int = 1) -> tuple[str, ...]:
    """Return one name for each place in which a heavy job may run: `cuda:0`, …, or the processor's without a card.

    Each place has `together` of the graphics cards that may be used (`cuda:0,1`), the last one what is left of them.
    """
    cards = _cards(environment)
    starts = range(0, len(cards), together)
    return tuple(f"cuda:{','.join(cards[start : start + together])}" for start in starts) or _ONLY_PROCESSOR


def _cards(environment: Mapping[str, str]) -> list[str]:
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        chosen = [number.strip() for number in visible.split(",")]
        if "-1" in chosen:
            chosen = chosen[: chosen.index("-1")]
        return [number for number in chosen if number]
    return _asked_driver()


def _asked_driver() -> list[str]:
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
