"""Keys and values of a batch whose rows join and leave: right-aligned, with free columns so that steps copy nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers.cache_utils import Cache, DynamicLayer

_FREE_COLUMNS = 64


class Shelf(DynamicLayer):
    """One layer's keys and values, `used` columns of a larger buffer."""

    def __init__(self, keys: torch.Tensor, values: torch.Tensor, used: int) -> None:
        super().__init__()
        self._buffers = (keys, values)
        self.used = used
        self.dtype, self.device = keys.dtype, keys.device
        self.is_initialized = True
        self.keys, self.values = keys[:, :, :used], values[:, :, :used]

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: object, **kwargs: object
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Write the new columns behind the used ones and return all that are used now."""
        after = self.used + key_states.shape[2]
        if after > self._buffers[0].shape[2]:
            self._buffers = tuple(_wider(buffer, self.used, after + _FREE_COLUMNS) for buffer in self._buffers)
        for buffer, new in zip(self._buffers, (key_states, value_states), strict=True):
            buffer[:, :, self.used : after] = new
        self.used = after
        self.keys, self.values = (buffer[:, :, :after] for buffer in self._buffers)
        return self.keys, self.values

    def get_seq_length(self) -> int:
        """Return how many columns are used."""
        return self.used


@dataclass(frozen=True, slots=True)
class Place:
    """Where one row's keys and values lie: a row of a cache, from column `start` on."""

    cache: Cache
    row: int
    start: int


def together(places: Sequence[Place]) -> tuple[Cache, list[Place]]:
    """Copy rows out of their caches into one new batch, aligned at the right, and return it with the new places."""
    lengths = [place.cache.get_seq_length() - place.start for place in places]
    used = max(lengths)
    layers = []
    for number in range(len(places[0].cache.layers)):
        sources: list[Any] = [place.cache.layers[number] for place in places]
        _, heads, _, size = sources[0].keys.shape
        keys = sources[0].keys.new_zeros(len(places), heads, used + _FREE_COLUMNS, size)
        values = torch.zeros_like(keys)
        for row, (place, source, length) in enumerate(zip(places, sources, lengths, strict=True)):
            keys[row, :, used - length : used] = source.keys[place.row, :, place.start :]
            values[row, :, used - length : used] = source.values[place.row, :, place.start :]
        layers.append(Shelf(keys, values, used))
    cache = Cache(layers=layers)
    return cache, [Place(cache, row, used - length) for row, length in enumerate(lengths)]


def _wider(buffer: torch.Tensor, used: int, columns: int) -> torch.Tensor:
    rows, heads, _, size = buffer.shape
    wider = buffer.new_zeros(rows, heads, columns, size)
    wider[:, :, :used] = buffer[:, :, :used]
    return wider
