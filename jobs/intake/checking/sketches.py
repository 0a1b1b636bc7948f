"""Which of many texts may be almost the same, without comparing each with each: MinHash with bands, in numpy."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

# Texts that share seven tenths of their runs of four characters (as one mistyped word leaves them, or one other word in
# ten) meet in at least one band with a probability of 0.97; those that share half, of 0.47; a fifth, of 0.006.
_RUN = 4
_BANDS, _HASHES_A_BAND = 20, 5
_HASHED_CHARACTERS = 500
_TEXTS_AT_ONCE = 2_000
# Of many texts in one form ("Do you deliver to …?") each meets those that stand next to it by the alphabet.
_MANY_TEXTS = 50_000
_NEIGHBOURS, _NEIGHBOURS_AMONG_MANY = 4, 2

_Numbers = NDArray[np.uint64]
_Places = NDArray[np.int64]

_drawn = np.random.default_rng(0).integers(1, 2**63, size=(2, _BANDS * _HASHES_A_BAND), dtype=np.uint64)
_FACTORS, _SHIFTS = _drawn[0] | np.uint64(1), _drawn[1]
_PRIME = np.uint64(0x9E3779B97F4A7C15)


def candidates(texts: Sequence[str], marks: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the places of texts with one mark that may be almost the same, the earlier place first, in order."""
    starts = range(0, len(texts), _TEXTS_AT_ONCE)
    bands = np.concatenate([_bands(texts[start : start + _TEXTS_AT_ONCE]) for start in starts])
    bands += np.array(marks, dtype=np.int64).astype(np.uint64)[:, np.newaxis]
    ranks = np.empty(len(texts), dtype=np.int64)
    ranks[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    pairs = np.concatenate([_meetings(band, ranks) for band in bands.T])
    pairs.sort()  # np.unique does it by hashes, which takes many times as long
    first_of_its_kind = np.diff(pairs, prepend=-1) > 0
    for pair in pairs[first_of_its_kind]:
        yield divmod(int(pair), len(texts))


def _meetings(band: _Numbers, ranks: _Places) -> _Places:
    """Return the pairs of places that have the same number in this band, each as one number."""
    order = np.lexsort((ranks, band))
    ordered = band[order]
    met: list[_Places] = []
    neighbours = _NEIGHBOURS if len(band) <= _MANY_TEXTS else _NEIGHBOURS_AMONG_MANY
    for step in range(1, min(neighbours, len(band) - 1) + 1):
        same = ordered[:-step] == ordered[step:]
        one, other = order[:-step][same], order[step:][same]
        met.append(np.minimum(one, other) * len(band) + np.maximum(one, other))
    return np.concatenate(met)


def _bands(texts: Sequence[str]) -> _Numbers:
    """Return for each text one number a band; two texts have the same with the probability of their likeness ** 5."""
    runs, starts = _runs(texts)
    bands = np.zeros((len(texts), _BANDS), dtype=np.uint64)
    for number, (factor, shift) in enumerate(zip(_FACTORS, _SHIFTS, strict=True)):
        smallest = np.minimum.reduceat((runs * factor + shift) >> np.uint64(24), starts)
        band = number // _HASHES_A_BAND
        bands[:, band] = (bands[:, band] + smallest) * _PRIME
    return bands


def _runs(texts: Sequence[str]) -> tuple[_Numbers, _Places]:
    """Return a number for each run of characters of all texts one after the other, and where each text begins."""
    # Room around a text, so that even the shortest has a run.
    padded = [f" {text[:_HASHED_CHARACTERS]} ".ljust(_RUN) for text in texts]
    lengths = np.array([len(text) for text in padded])
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    number = np.zeros(len(codes) - _RUN + 1, dtype=np.uint64)
    for offset in range(_RUN):
        number = number * _PRIME + codes[offset : len(number) + offset]
    within = np.ones(len(codes), dtype=bool)
    for back in range(1, _RUN):  # runs that reach into the next text
        within[np.cumsum(lengths) - back] = False
    number = number[within[: len(number)]]
    counts = lengths - _RUN + 1
    return number ^ (number >> np.uint64(31)), np.cumsum(counts) - counts
