"""What this computer computes with: which device, which precision, how many threads."""

import gc
import os
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

# Instructions that make bf16 products faster than fp32 ones; elsewhere bf16 on a processor is emulated and slow.
_FAST_BF16 = {"avx512_bf16", "amx_bf16"}


@dataclass(frozen=True, slots=True)
class Device:
    """Where the model lives and in which precision."""

    name: str
    dtype: torch.dtype


def best_device() -> Device:
    """Return the GPU where there is one, else the processor, with the fastest precision that it has."""
    if torch.cuda.is_available():
        return Device("cuda", torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32)
    return Device("cpu", torch.bfloat16 if _FAST_BF16 & _processor_flags() else torch.float32)


def use_all_cores() -> None:
    """Compute with as many threads as this process may use whole cores."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    torch.set_num_threads(max(1, min(allowed, psutil.cpu_count(logical=False) or allowed)))


def free_bytes(device: Device) -> int:
    """Return how much memory is free where the model lives."""
    return torch.cuda.mem_get_info()[0] if device.name == "cuda" else psutil.virtual_memory().available


def release_memory() -> None:
    """Give memory that nothing uses any more back to the system."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _processor_flags() -> set[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return set()
    return set(next((line for line in lines if line.startswith("flags")), "").split())
