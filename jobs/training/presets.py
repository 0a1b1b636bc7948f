"""Quick, Normal, Thorough: how far each goes for a number of examples, and with which settings."""

from collections.abc import Mapping
from dataclasses import dataclass

from jobs.requests import Preset

_SMALL_SET = 200


@dataclass(frozen=True, slots=True)
class Settings:
    """What a preset decides.

    `rows_read` is how many rows are gone through in all, each pass over n examples counting n, which gives small sets
    many passes and large sets few, within `fewest` and `most` passes. `seconds` ends the run earlier. `patience` looks
    at the watched rows in a row without an improvement end it, too.
    """

    learning_rate: float
    rank: int
    rows_read: int
    fewest: int
    most: int
    seconds: float | None = None
    patience: int | None = None

    def passes(self, rows: int) -> int:
        """How often `rows` examples are gone through at most."""
        return min(self.most, max(self.fewest, round(self.rows_read / rows)))

    def least(self, rows: int) -> float:
        """How often they are gone through however long it takes."""
        if self.seconds is None:
            return self.passes(rows)
        return self.fewest if rows < _SMALL_SET else _LEAST_ROWS / rows


# Three passes over more than this take a processor so long that it is to be somebody's decision.
_LARGE_SET = 5_000


def suggested(rows: int) -> Preset:
    """Return the preset that is chosen where nobody does, for so many examples to learn and watch.

    A quick look goes several times through a small set, but sees only a part of a larger one, which teaches little of
    it (assets/decisions/0014-presets.md).
    """
    return "normal" if _SMALL_SET <= rows <= _LARGE_SET else "quick"


# A run over a large set that stops in its first pass must still have learned something.
_LEAST_ROWS = 80

PRESETS: Mapping[Preset, Settings] = {
    "quick": Settings(learning_rate=1e-3, rank=16, rows_read=100_000, fewest=3, most=10, seconds=180, patience=3),
    "normal": Settings(learning_rate=1e-3, rank=16, rows_read=5_000, fewest=3, most=10, patience=3),
    "thorough": Settings(learning_rate=5e-4, rank=32, rows_read=10_000, fewest=5, most=20, patience=4),
}
