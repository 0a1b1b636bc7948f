"""In which number format a processor computes faster, found by trying, and whether a card has bf16."""

import time
from functools import cache
from typing import Literal

import torch

ProcessorDtype = Literal["bfloat16", "float32"]

# From this compute capability on (Ampere) a card computes bf16 by itself. Older ones only emulate it, slowly; torch
# counts them among those that support it.
_AMPERE = (8, 0)

# About the shape of a small model's layers; one product takes some milliseconds.
_ROWS, _INNER, _COLUMNS = 256, 768, 1536
_TRIES = 5
# Mixed precision costs conversions, so a small gain is none.
_WORTH_IT = 1.25


@cache
def processor_dtype() -> ProcessorDtype:
    """Return the format in which this processor multiplies matrices faster."""
    return faster(_product_s(torch.float32), _product_s(torch.bfloat16))


def card_computes_bf16() -> bool:
    """Whether the first graphics card computes bf16 by itself; there must be one."""
    return torch.cuda.get_device_capability() >= _AMPERE


def faster(float32_s: float, bfloat16_s: float) -> ProcessorDtype:
    """Return the format to compute in, given the seconds of the same product in both.

    What a processor says of itself does not tell: some that list bf16 instructions are six times slower with them.
    """
    return "bfloat16" if bfloat16_s * _WORTH_IT < float32_s else "float32"


def _product_s(dtype: torch.dtype) -> float:
    """Return the shortest time of one product of matrices, free of what else the computer was doing."""
    rows = torch.ones(_ROWS, _INNER, dtype=dtype)
    weights = torch.ones(_COLUMNS, _INNER, dtype=dtype)
    times = list[float]()
    for _ in range(_TRIES):
        began = time.perf_counter()
        torch.nn.functional.linear(rows, weights)
        times.append(time.perf_counter() - began)
    return min(times)
