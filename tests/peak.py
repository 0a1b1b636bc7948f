"""The most memory that a process has had in use; imports little, as it is asked for in limited children."""

from collections.abc import Iterator
from pathlib import Path

from jobs.intake.readers.reading import pieces_of


def peak_mb() -> float:
    """Return the peak of this process, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def after_reading(path: str, name: str) -> Iterator[float]:
    """Read the file as the limited child does and yield the peak."""
    for _ in pieces_of(path, name):
        pass
    yield peak_mb()
