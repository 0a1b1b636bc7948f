"""How much memory a training holds on its device, now and at the height."""

import resource
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

from jobs.training.hardware import Device

_RESET = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"  # the kernel's word for it, see proc(5)


@dataclass(frozen=True, slots=True)
class Room:
    """The memory of a device before the model was loaded: what was free, and what this process held already."""

    free_bytes: int
    held_bytes: int


def used_bytes(device: Device) -> int:
    """Return the memory that this process holds now; the height counts from here where the system lets it."""
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
        return torch.cuda.memory_reserved()
    if device == "mps":
        return torch.mps.driver_allocated_memory()
    if _RESET.exists():
        with suppress(OSError):  # not every container allows it; then the height is that of the whole life
            _RESET.write_text(_RESET_PEAK)
    return psutil.Process().memory_info().rss


def peak_bytes(device: Device) -> int:
    """Return the most memory that this process held since `used_bytes` was asked; on Apple's graphics, what it holds.

    A processor's memory is that of the whole process, libraries included.
    """
    if device == "cuda":
        return torch.cuda.max_memory_reserved()
    if device == "mps":
        return torch.mps.driver_allocated_memory()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


def wait_for(device: Device) -> None:
    """Let the device finish what it was given, so that a clock can be read."""
    if device == "cuda":
        torch.cuda.synchronize()
    elif device == "mps":
        torch.mps.synchronize()
