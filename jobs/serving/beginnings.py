"""Beginnings that many prompts share, such as the tools to choose from: read once and taken up again."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import torch
from transformers.cache_utils import Cache, DynamicCache

# A shorter one is read faster than it is worth a step of its own.
LEAST = 48
_MOST_BYTES = 128 << 20

Layers = list[tuple[torch.Tensor, torch.Tensor]]


class Beginnings:
    """Keys and values of beginnings, by their tokens and by the adapter that they went through.

    The ones used last stay, up to `most_bytes` of tensors.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[str, tuple[int, ...]], Layers] = OrderedDict()
        self._bytes = 0

    def get(self, adapter: str, beginning: Sequence[int]) -> Cache | None:
        """Return a new cache that holds the beginning, or None where it is not known."""
        key = (adapter, tuple(beginning))
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        cache = DynamicCache()
        for number, (keys, values) in enumerate(self._kept[key]):
            cache.update(keys, values, number)  # a copy: what is written behind it is put into new tensors
        return cache

    def keep(self, adapter: str, beginning: Sequence[int], cache: Cache) -> None:
        """Keep what was read into `cache`, which holds the beginning and nothing else."""
        key = (adapter, tuple(beginning))
        held: list[Any] = list(cache.layers)  # the library's type also names layers that have no keys
        layers: Layers = [
            (layer.keys, layer.values) for layer in held if layer.keys is not None and layer.values is not None
        ]
        self._bytes += _size(layers) - _size(self._kept.pop(key, []))
        self._kept[key] = layers
        while self._bytes > self._most_bytes:
            self._bytes -= _size(self._kept.popitem(last=False)[1])


def _size(layers: Layers) -> int:
    return sum(keys.nbytes + values.nbytes for keys, values in layers)
