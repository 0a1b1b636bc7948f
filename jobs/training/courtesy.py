"""Letting a waiting question go first: the trainer pauses between two steps while the model server answers."""

import time
from collections.abc import Callable
from pathlib import Path

_FRESH_S = 2.0
_LOOK_S = 0.1
MOST_S = 20.0


def give_way(asking: Path, check: Callable[[], None], most_s: float = MOST_S) -> float:
    """Wait while the file `asking` is fresh, at most `most_s`, and return the seconds waited.

    The model server touches the file while it answers. `check` is called all along and may raise.
    """
    began = time.monotonic()
    while _fresh(asking) and time.monotonic() - began < most_s:
        check()
        time.sleep(_LOOK_S)
    return time.monotonic() - began


def _fresh(asking: Path) -> bool:
    try:
        return time.time() - asking.stat().st_mtime < _FRESH_S
    except FileNotFoundError:
        return False
