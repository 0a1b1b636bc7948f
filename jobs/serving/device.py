"""What this computer computes with: which device, which precision, how many threads."""

import gc
import os
from dataclasses import dataclass
from typing import Literal

import psutil
import torch

from jobs.models.machine import FAST_BF16, FAST_INT8, processor_flags
from jobs.models.precision import card_computes_bf16

# Whole numbers of 8 bits: only the weights, or also what is multiplied with them.
Int8 = Literal["weights", "both"]


@dataclass(frozen=True, slots=True)
class Device:
    """Where the model lives, in which precision, and what of its products is whole numbers of 8 bits."""

    name: str
    dtype: torch.dtype
    int8: Int8 | None = None


def best_device() -> Device:
    """Return the GPU where there is one, else the processor, with the fastest precision that it has."""
    if torch.cuda.is_available():
        return Device("cuda", torch.bfloat16 if card_computes_bf16() else torch.float32)
    flags = processor_flags()
    adds_int8 = torch.backends.mkldnn.is_available() and FAST_INT8 & flags
    dtype = torch.bfloat16 if FAST_BF16 & flags else torch.float32
    return Device("cpu", dtype, "both" if adds_int8 else "weights")


def use_all_cores() -> None:
    """Compute with as many threads as this process may use whole cores."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    torch.set_num_threads(max(1, min(allowed, psutil.cpu_count(logical=False) or allowed)))


def free_bytes(device: Device) -> int:
    """Return how much memory is free where the model lives."""
    return torch.cuda.mem_get_info()[0] if device.name == "cuda" else psutil.virtual_memory().available


def card_bytes(device: Device) -> int:
    """Return how much memory of a graphics card this process holds; 0 on a processor."""
    return torch.cuda.memory_reserved() if device.name == "cuda" else 0


def release_memory() -> None:
    """Give memory that nothing uses any more back to the system."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
