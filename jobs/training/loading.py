"""The base model in memory, from this computer only and without running code of its own."""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, BitsAndBytesConfig

from jobs.training.plan import Plan


def load_base(folder: Path, plan: Plan) -> Any:
    """Return the model in `folder` on the plan's device, its weights in the plan's format or packed into 4 bits."""
    dtype = getattr(torch, plan.dtype)
    packing: dict[str, Any] = {}
    if plan.method == "qlora":
        packing = {"quantization_config": four_bits(dtype), "device_map": {"": plan.device}}
    model: Any = AutoModelForCausalLM.from_pretrained(
        str(folder),
        dtype=dtype,
        attn_implementation=plan.attention,
        local_files_only=True,
        trust_remote_code=False,
        use_safetensors=True,
        **packing,
    )
    return model if packing else model.to(plan.device)


def four_bits(dtype: torch.dtype) -> BitsAndBytesConfig:
    """Return how weights are packed: T. Dettmers et al., "QLoRA", NeurIPS 2023 (NormalFloat, scales packed, too)."""
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
    )
