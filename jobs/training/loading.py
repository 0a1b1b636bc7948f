"""The base model in memory, from this computer only and without running code of its own."""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM

from jobs.training.hardware import Device, Dtype


def load_base(folder: Path, dtype: Dtype, device: Device) -> Any:
    """Return the model in `folder` on the device, its weights in `dtype`."""
    model: Any = AutoModelForCausalLM.from_pretrained(
        str(folder),
        dtype=getattr(torch, dtype),
        local_files_only=True,
        trust_remote_code=False,
        use_safetensors=True,
    )
    return model.to(device)
