"""Matrices to multiply rows with on a processor: as they are, or in whole numbers of 8 bits (decision 22)."""

import time
from dataclasses import dataclass, field
from typing import Protocol, Self

import torch
from torch.nn import functional

from jobs.serving.device import Int8

LARGEST = 127
_HALF = 128
# Added to a number of full precision that is not large and taken away again, it rounds the number.
_NO_FRACTIONS = 1.5 * 2**23
# The product in 8 bits takes so many columns at a time and reads beyond the last one where some are left over.
_COLUMNS = 16
# A few columns of what a layer reads are many times as large as the others, which would be lost if rounded with them.
_LARGE_COLUMNS = 16
# What one trial multiplies with: more than the processor keeps near itself, as a whole model is.
_LEAST_TRIED, _TRIED_ELEMENTS, _TRIED_ROWS, _TRIALS = 2**22, 2**25, 5, 3
_TINY = torch.finfo(torch.float32).tiny


class Weights(Protocol):
    """A matrix (out x in)."""

    @property
    def bytes(self) -> int:
        """How much memory it takes beside the model's own matrices."""
        ...

    def of(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the rows (n x in) multiplied with it (n x out)."""
        ...


@dataclass(frozen=True, slots=True)
class Plain:
    """A matrix as it is."""

    matrix: torch.Tensor
    bytes: int = 0

    def of(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the rows (n x in) multiplied with it (n x out)."""
        return functional.linear(rows.to(self.matrix.dtype), self.matrix).to(rows.dtype)


@dataclass(slots=True)
class Watched:
    """A matrix as it is that remembers the largest value in each column (in) of what was multiplied with it."""

    matrix: torch.Tensor
    largest: torch.Tensor = field(init=False)
    bytes: int = 0

    def __post_init__(self) -> None:
        self.largest = torch.zeros(self.matrix.shape[1])

    def of(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the rows (n x in) multiplied with it (n x out)."""
        self.largest = torch.maximum(self.largest, rows.abs().amax(0).float())
        return functional.linear(rows.to(self.matrix.dtype), self.matrix).to(rows.dtype)


@dataclass(frozen=True, slots=True)
class Rounded:
    """A matrix in whole numbers of 8 bits with a factor for each line; rows stay as they are.

    Made for few rows: it is read from memory faster than the matrix as it was, and multiplied more slowly.
    """

    matrix: torch.Tensor
    factors: torch.Tensor

    @classmethod
    def of_matrix(cls, matrix: torch.Tensor) -> "Rounded | Plain":
        """Return the nearest multiples of each line's largest value over 127; odd shapes stay as they are."""
        if matrix.shape[1] % _COLUMNS:
            return Plain(matrix)
        # Lines are divided by the factor as it is kept, for that is what the product multiplies with. In full
        # precision PyTorch has no fast product: on a processor without AVX-512 five rows took 1.2 s instead of 0.04.
        factors = _factors(matrix).to(torch.bfloat16)
        return cls(_whole(matrix, factors), factors)

    @property
    def bytes(self) -> int:
        """How much memory it takes beside the model's own matrices."""
        return self.matrix.nbytes + self.factors.nbytes

    def of(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the rows (n x in) multiplied with it (n x out)."""
        given = rows.to(self.factors.dtype)
        return torch.ops.aten._weight_int8pack_mm(given, self.matrix, self.factors).to(rows.dtype)


def faster_in_8_bits(matrix: torch.Tensor) -> bool:
    """Whether this processor multiplies few rows with the matrix faster in 8 bits than with the matrix as it is.

    A trial, because nothing tells for which processors PyTorch has a fast product; where it has none, this one takes
    ten times as long. Of a small matrix a trial tells nothing, and nothing hangs on it.
    """
    if matrix.numel() < _LEAST_TRIED:
        return True
    lines = matrix[: max(1, _TRIED_ELEMENTS // matrix.shape[1])]
    rows = torch.ones(_TRIED_ROWS, matrix.shape[1])
    return _seconds(Rounded.of_matrix(lines), rows) < _seconds(Plain(lines), rows)


def _seconds(weights: Weights, rows: torch.Tensor) -> float:
    """Return what the fastest of some products takes; the others may have waited for other programs."""
    took = list[float]()
    for _ in range(_TRIALS):
        began = time.perf_counter()
        weights.of(rows)
        took.append(time.perf_counter() - began)
    return min(took)


@dataclass(frozen=True, slots=True)
class Whole:
    """A matrix and what is multiplied with it, both in whole numbers of 8 bits, for processors that add such products.

    Made for many rows: they are multiplied faster, but each has to be rounded first, to 255 steps of its largest value.
    Either a few columns that are always large are multiplied as they are (`large`: which, and their weights), or what
    rounding left of a row is rounded again and multiplied, too. The sums are exact, so that a row's result does not
    depend on the rows beside it.
    """

    packed: torch.Tensor
    factors: torch.Tensor
    zeros: torch.Tensor
    large: tuple[torch.Tensor, torch.Tensor] | None

    @classmethod
    def of_matrix(cls, matrix: torch.Tensor, largest: torch.Tensor | None) -> Self:
        """Return the matrix rounded; `largest` of each column (in) tells which are large, None rounds rows twice."""
        factors = _factors(matrix)
        packed = torch.ops.onednn.qlinear_prepack(_whole(matrix, factors), None)
        large = None
        if largest is not None:
            columns = largest.topk(min(_LARGE_COLUMNS, len(largest))).indices.sort().values
            large = columns, matrix[:, columns].T.float().contiguous()
        return cls(packed, factors, torch.zeros(len(factors), dtype=torch.int32), large)

    @property
    def bytes(self) -> int:
        """How much memory it takes beside the model's own matrices."""
        beside = self.large[1].nbytes if self.large else 0
        return self.packed.nbytes + self.factors.nbytes + self.zeros.nbytes + beside

    def of(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the rows (n x in, full precision) multiplied with it (n x out)."""
        if self.large is None:
            return self._twice(rows)
        columns, weights = self.large
        rest = rows.index_fill(1, columns, 0)
        steps = _steps(rest)
        out = self._sums(rest.div_(steps)).mul_(steps)
        return out.addmm_(rows.index_select(1, columns), weights)

    def _twice(self, rows: torch.Tensor) -> torch.Tensor:
        steps, number = _steps(rows), len(rows)
        scaled = rows / steps
        first = (scaled + _NO_FRACTIONS).sub_(_NO_FRACTIONS)
        left = scaled.sub_(first).mul_(2 * LARGEST)
        sums = self._sums(torch.cat([first, left]))
        return torch.add(sums[:number], sums[number:], alpha=1 / (2 * LARGEST)).mul_(steps)

    def _sums(self, scaled: torch.Tensor) -> torch.Tensor:
        # Only numbers without a sign have a fast product, so all are moved up by half their range; the half more
        # rounds them, for what is behind the point is cut off.
        given = scaled.add_(_HALF + 0.5).to(torch.uint8), 1.0, _HALF, self.packed, self.factors, self.zeros
        return torch.ops.onednn.qlinear_pointwise(*given, None, 1.0, 0, torch.float32, "none", [], "")


@dataclass(frozen=True, slots=True)
class Sides:
    """A matrix as it is best for many rows (a prompt's) and for few (a token of each answer)."""

    for_many: Weights
    for_few: Weights

    @classmethod
    def rounded(cls, matrix: torch.Tensor, how: Int8, large: torch.Tensor | None) -> Self:
        """Return the matrix in 8 bits; `large` of each column (in) tells which are always large, None that none is."""
        return cls(Whole.of_matrix(matrix, large) if how == "both" else Plain(matrix), Rounded.of_matrix(matrix))

    @property
    def bytes(self) -> int:
        """How much memory they take beside the model's own matrices."""
        return self.for_many.bytes + self.for_few.bytes

    @property
    def plain(self) -> bool:
        """Whether the matrix as it was is still read."""
        return isinstance(self.for_many, Plain) or isinstance(self.for_few, Plain)

    def of(self, rows: torch.Tensor, many: bool) -> torch.Tensor:
        """Return the rows (n x in) multiplied with it (n x out)."""
        return (self.for_many if many else self.for_few).of(rows)


def _steps(rows: torch.Tensor) -> torch.Tensor:
    return rows.abs().amax(1, keepdim=True).clamp_(min=_TINY).div_(LARGEST)


def _factors(matrix: torch.Tensor) -> torch.Tensor:
    return matrix.abs().amax(1).float().clamp(min=_TINY) / LARGEST


def _whole(matrix: torch.Tensor, factors: torch.Tensor) -> torch.Tensor:
    return (matrix.float() / factors.float()[:, None]).round_().clamp_(-LARGEST, LARGEST).to(torch.int8)
