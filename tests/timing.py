"""How long something takes where other programs may run, too."""

import time
from collections.abc import Callable


def quickest(act: Callable[[], object], times: int = 20) -> float:
    """Return the seconds of the quickest of several times: the others may have waited for other programs."""
    took = list[float]()
    for _ in range(times):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return min(took)
