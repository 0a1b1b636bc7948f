"""Looking at this computer as a training will use it."""

from importlib.util import find_spec

import psutil
import torch

from jobs.models.cgroups import room
from jobs.models.precision import card_computes_bf16, processor_dtype
from jobs.training.hardware import Hardware


def detect() -> Hardware:
    """Look at this computer: an NVIDIA GPU first, then Apple's, then the processor."""
    if torch.cuda.is_available():
        return _card()
    _, free = room(psutil.virtual_memory().total, psutil.virtual_memory().available)
    if torch.backends.mps.is_available():
        # fp32 is right on every version of macOS; bf16 only on new ones.
        return Hardware("mps", "float32", free)
    return Hardware("cpu", processor_dtype(), free)


def _card() -> Hardware:
    """The first card that may be used. What speeds it up is used where it is installed; nothing of it is required."""
    free, _ = torch.cuda.mem_get_info()
    modern = card_computes_bf16()  # and flash attention
    return Hardware(
        "cuda",
        "bfloat16" if modern else "float16",
        free,
        packs=_installed("bitsandbytes"),
        attention="flash_attention_2" if modern and _installed("flash_attn") else "sdpa",
        fused=_installed("liger_kernel"),
    )


def _installed(package: str) -> bool:
    return find_spec(package) is not None
