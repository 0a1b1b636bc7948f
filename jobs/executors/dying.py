"""How a child process dies with its parent, and how to tell that the system killed one for memory."""

import ctypes
import os
import signal
import sys
import threading
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LOOK_EVERY_S = 0.5
_COUNTERS = Path("/proc/vmstat")


def die_with(parent: int) -> None:
    """End this process at once when `parent`, which started it, ends, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    # The parent may have ended before the line above took effect.
    if os.getppid() != parent:
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_S)
    os._exit(1)


def memory_kills() -> int:
    """How many processes the system has killed for memory since it started; 0 where it does not count."""
    if not _COUNTERS.exists():
        return 0
    lines = (line.split() for line in _COUNTERS.read_text().splitlines())
    return next((int(value) for name, value in lines if name == "oom_kill"), 0)
