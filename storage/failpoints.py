"""Named places at which a test makes the program die, fail, find the disk full or stand still; else they do nothing.

`TRIPTYCH_FAILPOINT=name:nth:what` holds for a process and those it starts. At the nth time that a process comes to the
place (`3`), or from then on (`3+`), it is killed (`kill`), meets an error that nobody foresaw (`raise`), finds the disk
full (`enospc`) or stands still for a while (`sleep`).
"""

import errno
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping

VARIABLE = "TRIPTYCH_FAILPOINT"
# Transactions by their names: one place before the commit and one after it.
_TRANSACTIONS = (
    *("submit", "cancel", "claim", "report", "checkpoint", "drop-checkpoint"),
    *("finish", "fail", "again", "interrupt", "died", "confirm-cancelled", "rescue", "pause", "resume"),
)
POINTS = (
    *(f"{name}.{when}" for name in _TRANSACTIONS for when in ("commit", "committed")),
    *("publish.write", "publish.manifest", "publish.rename", "publish.renamed"),
    *("spawn.before", "spawn.after", "child.start", "child.end", "remove.before"),
)
_STANDS_STILL_S = 3.0
_times: Counter[str] = Counter()


def reach(point: str) -> None:
    """Do here what the environment says; raise ValueError where it names no place or no deed that there is."""
    said = os.environ.get(VARIABLE)
    if not said:
        return
    name, nth, what = said.split(":")
    if name not in POINTS or what not in _DEEDS:
        raise ValueError(f"{VARIABLE} names no place or no deed: {said}")
    if name != point:
        return
    _times[point] += 1
    first = int(nth.removesuffix("+"))
    if _times[point] == first or (nth.endswith("+") and _times[point] > first):
        os.write(2, f"fail-point {said}\n".encode())
        _DEEDS[what](point)


def _kill(_point: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _raise(point: str) -> None:
    raise RuntimeError(f"fail-point {point}")


def _enospc(point: str) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), point)


def _sleep(_point: str) -> None:
    time.sleep(_STANDS_STILL_S)


_DEEDS: Mapping[str, Callable[[str], None]] = {"kill": _kill, "raise": _raise, "enospc": _enospc, "sleep": _sleep}
