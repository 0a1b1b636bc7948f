"""Which rows are learned together: any, or rows of like length where padding would cost much."""

import random
from collections.abc import Iterator, Sequence

from torch.utils.data import Sampler

_JITTER = 0.15
# Attention lays out a step in rows, padding included, even where all else goes through in a line. With more places for
# each token than these, that takes longer than like lengths are worth.
_MOST_SEATS = 2.5


class Order(Sampler[int]):
    """Yields the rows' numbers for steps of `rows_a_step`, in another order at every pass; one seed, one order.

    With `alike` a step holds rows of like length. That saves padding but gives the short rows' tokens more weight than
    the long ones', for each step counts the same (assets/decisions/0013-rows-in-one-line.md).
    `passes` is how many were begun; set it to go on with a later one. How many rows of a step go through the model at
    once changes nothing here: the same rows make up the same step.
    """

    def __init__(self, lengths: Sequence[int], rows_a_step: int, seed: int, *, alike: bool) -> None:
        self.passes = 0
        self.alike = alike
        self._lengths = lengths
        self._rows_a_step = rows_a_step
        self._seed = seed

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        chance = random.Random(f"{self._seed} {self.passes}")
        self.passes += 1
        if not self.alike:
            yield from chance.sample(range(len(self._lengths)), len(self._lengths))
            return
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


def padded(lengths: Sequence[int], rows_a_step: int, seed: int) -> bool:
    """Whether steps of any rows would be padding for the most part."""
    order = list(Order(lengths, rows_a_step, seed, alike=False))
    steps = [order[start : start + rows_a_step] for start in range(0, len(order), rows_a_step)]
    seats = sum(len(step) * max(lengths[row] for row in step) for step in steps)
    return seats > _MOST_SEATS * sum(lengths)
