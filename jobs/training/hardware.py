"""What a training computes on: the device, the number format it is fast in, the memory that is free."""

from dataclasses import dataclass
from typing import Literal

Device = Literal["cuda", "mps", "cpu"]
Dtype = Literal["bfloat16", "float16", "float32"]
Attention = Literal["sdpa", "flash_attention_2"]

# Bytes of a weight packed into 4 bits, with the scales of its block; embeddings and norms stay as they are.
PACKED_BYTES = 0.6


@dataclass(frozen=True, slots=True)
class Hardware:
    """The device a training uses. `memory_bytes` is what was free on it when it was looked at.

    `packs`: weights can be held in 4 bits. `attention` is the fastest kind there; `fused`: with Liger's kernels.
    `cards` is how many devices of this kind one training has, each for a process of its own.
    """

    device: Device
    dtype: Dtype
    memory_bytes: int
    packs: bool = False
    attention: Attention = "sdpa"
    fused: bool = False
    cards: int = 1

    @property
    def weight_bytes(self) -> int:
        """Bytes of one weight in the number format."""
        return 4 if self.dtype == "float32" else 2
