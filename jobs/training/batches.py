"""Which rows are learned together: rows of like length, so that little is spent on padding."""

import random
from collections.abc import Iterator, Sequence

from torch.utils.data import Sampler

_JITTER = 0.15


class LikeLengths(Sampler[int]):
    """Yields the rows' numbers for steps of `rows_a_step`, in another order at every pass; one seed, one order.

    `passes` is how many were begun; set it to go on with a later one. How many rows of a step go through the model at
    once changes nothing here: the same rows make up the same step.
    """

    def __init__(self, lengths: Sequence[int], rows_a_step: int, seed: int) -> None:
        self.passes = 0
        self._lengths = lengths
        self._rows_a_step = rows_a_step
        self._seed = seed

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        chance = random.Random(f"{self._seed} {self.passes}")
        self.passes += 1
        # Jittered lengths bring other rows together every time.
        keys = [length * chance.uniform(1 - _JITTER, 1 + _JITTER) for length in self._lengths]
        rows = sorted(range(len(keys)), key=keys.__getitem__)
        # What does not fill a step is taken out anywhere and comes last, or the borders of the others would move.
        left, size = len(rows) % self._rows_a_step, self._rows_a_step
        at = chance.randrange(len(rows) // size + 1) * size
        rest = rows[at : at + left]
        del rows[at : at + left]
        steps = [rows[start : start + size] for start in range(0, len(rows), size)]
        chance.shuffle(steps)
        for step in steps:
            yield from step
        yield from rest
