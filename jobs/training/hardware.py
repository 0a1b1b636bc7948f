"""What this computer can train on: the device, the number format it is fast in, the memory that is free."""

from dataclasses import dataclass
from typing import Literal

import psutil
import torch

from jobs.models.precision import processor_dtype

Device = Literal["cuda", "mps", "cpu"]
Dtype = Literal["bfloat16", "float16", "float32"]


@dataclass(frozen=True, slots=True)
class Hardware:
    """The device a training uses. `memory_bytes` is what was free on it when it was looked at."""

    device: Device
    dtype: Dtype
    memory_bytes: int


def detect() -> Hardware:
    """Look at this computer: an NVIDIA GPU first, then Apple's, then the processor."""
    if torch.cuda.is_available():
        free, _ = torch.cuda.mem_get_info()
        return Hardware("cuda", "bfloat16" if torch.cuda.get_device_capability() >= (8, 0) else "float16", free)
    free = psutil.virtual_memory().available
    if torch.backends.mps.is_available():
        # fp32 is right on every version of macOS; bf16 only on new ones.
        return Hardware("mps", "float32", free)
    return Hardware("cpu", processor_dtype(), free)
