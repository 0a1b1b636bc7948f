"""Which rows are learned together: rows of like length, so that little is spent on padding."""

import random
from collections.abc import Iterator, Sequence

from torch.utils.data import Sampler

_JITTER = 0.15


class LikeLengths(Sampler[int]):
    """Yields the rows' numbers for batches of `batch_size`, in another order at every pass; one seed, one order."""

    def __init__(self, lengths: Sequence[int], batch_size: int, seed: int) -> None:
        self._lengths = lengths
        self._batch_size = batch_size
        self._random = random.Random(seed)

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        # Jittered lengths bring other rows together every time.
        keys = [length * self._random.uniform(1 - _JITTER, 1 + _JITTER) for length in self._lengths]
        rows = sorted(range(len(keys)), key=keys.__getitem__)
        # What does not fill a batch is taken out anywhere and comes last, or the borders of the others would move.
        left, size = len(rows) % self._batch_size, self._batch_size
        at = self._random.randrange(len(rows) // size + 1) * size
        rest = rows[at : at + left]
        del rows[at : at + left]
        batches = [rows[start : start + size] for start in range(0, len(rows), size)]
        self._random.shuffle(batches)
        for batch in batches:
            yield from batch
        yield from rest
