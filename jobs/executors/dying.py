"""How to tell that the system killed a process for memory."""

from pathlib import Path

_COUNTERS = Path("/proc/vmstat")


def memory_kills() -> int:
    """How many processes the system has killed for memory since it started; 0 where it does not count."""
    if not _COUNTERS.exists():
        return 0
    lines = (line.split() for line in _COUNTERS.read_text().splitlines())
    return next((int(value) for name, value in lines if name == "oom_kill"), 0)
