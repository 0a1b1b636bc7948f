"""How many tokens rows take, which lose the end of their answer, and which all of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from jobs.intake.checking.findings import Tally
from jobs.models.measuring import Measured
from storage.datasets import with_history
from storage.records import Example

Measure = Callable[[Sequence[Example]], Sequence[Measured]]
"""Returns for each example its tokens in all, those of its whole answer, and those that are cut off."""

_ROWS_AT_ONCE = 500
_MOST_BINS = 20
_NARROWEST_BIN = 8


@dataclass(frozen=True, slots=True)
class Bin:
    """How many rows have from `first` to `last` tokens."""

    first: int
    last: int
    rows: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """The tokens of the rows that are used: a histogram of whole rows, and what is left of them once they are cut."""

    bins: tuple[Bin, ...]
    rows: int
    tokens: int
    longest: int


def check_lengths(examples: list[Example], tally: Tally, measure: Measure) -> tuple[list[Example], Lengths]:
    """Find rows that are too long to be learned, wholly or to their end; return those that are used, and lengths."""
    used: list[Example] = []
    kept: list[Measured] = []
    lost = 0
    for example, measured in zip(examples, _measured(examples, measure), strict=True):
        stays = True
        if measured.cut == measured.answer:
            stays = tally.add("untrained", example)
        elif measured.cut:
            stays = tally.add("too-long", example)
            lost += measured.cut
        if stays:
            used.append(example)
            kept.append(measured)
    if lost:
        tally.explain("too-long", f"{lost:,} tokens of answers are lost in all.")
    return used, _lengths(kept)


def _measured(examples: list[Example], measure: Measure) -> Iterator[Measured]:
    talked = any(example.conversation for example in examples)
    whole: Sequence[Example] = with_history(examples) if talked else examples
    for start in range(0, len(whole), _ROWS_AT_ONCE):
        yield from measure(whole[start : start + _ROWS_AT_ONCE])


def _lengths(measured: Sequence[Measured]) -> Lengths:
    whole = [one.tokens + one.cut for one in measured]
    return Lengths(
        bins=tuple(_bins(whole)),
        rows=len(measured),
        tokens=sum(one.tokens for one in measured),
        longest=max(whole, default=0),
    )


def _bins(whole: Iterable[int]) -> list[Bin]:
    """Return bins of one width, a power of two, up to the longest row."""
    lengths = list(whole)
    width = _NARROWEST_BIN
    while lengths and max(lengths) > width * _MOST_BINS:
        width *= 2
    rows = [0] * ((max(lengths, default=0) + width - 1) // width)
    for length in lengths:
        rows[(length - 1) // width] += 1
    return [Bin(number * width + 1, (number + 1) * width, count) for number, count in enumerate(rows)]
