"""Two ways on the same questions: how far apart they are, how sure that is, and how many questions would settle it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, comb, sqrt
from statistics import NormalDist

import numpy as np

from jobs.metrics.statistics import wilson

Values = np.ndarray[tuple[int, int], np.dtype[np.float64]]

LEVEL = 0.05
POWER = 0.8
MOST_QUESTIONS = 2000  # beyond that "more questions" is no advice any more
_RESAMPLES = 10_000
_SEED = 20_111


@dataclass(frozen=True, slots=True)
class Pair:
    """How two columns did on the same questions: both right, only the first, only the second, neither."""

    both: int
    first: int
    second: int
    neither: int

    @property
    def n(self) -> int:
        """How many questions both were asked."""
        return self.both + self.first + self.second + self.neither

    @property
    def difference(self) -> float:
        """By how much the first's share of right answers is higher, from -1 to 1; 0 where nothing was asked."""
        return (self.first - self.second) / self.n if self.n else 0.0


def pair(first: Sequence[bool], second: Sequence[bool]) -> Pair:
    """Return how two columns did, their answers in the order of the same questions."""
    told = list(zip(first, second, strict=True))
    return Pair(*(told.count(outcome) for outcome in ((True, True), (True, False), (False, True), (False, False))))


def mcnemar(told: Pair) -> float:
    """Return the two-sided p-value that both are right equally often; 1 where they never differ.

    The exact test: Q. McNemar, Psychometrika 12 (1947), 153-157, with the binomial distribution of the questions on
    which they differ.
    """
    differ = told.first + told.second
    tail = sum(comb(differ, fewer) for fewer in range(min(told.first, told.second) + 1))
    return min(1.0, 2 * tail / 2**differ)


def difference_interval(told: Pair) -> tuple[float, float]:
    """Return the 95 % interval of the difference of two paired shares of right answers, each bound from -1 to 1.

    R. G. Newcombe, "Improved confidence intervals for the difference between binomial proportions based on paired
    data", Statistics in Medicine 17 (1998), 2635-2650, method 10: Wilson's intervals of both, joined by their
    correlation.
    """
    if not told.n:
        return -1.0, 1.0
    first, second = told.both + told.first, told.both + told.second
    (low1, high1), (low2, high2) = wilson(first, told.n), wilson(second, told.n)
    rate1, rate2, phi = first / told.n, second / told.n, _correlation(told)
    below = (rate1 - low1) ** 2 - 2 * phi * (rate1 - low1) * (high2 - rate2) + (high2 - rate2) ** 2
    above = (high1 - rate1) ** 2 - 2 * phi * (high1 - rate1) * (rate2 - low2) + (rate2 - low2) ** 2
    return told.difference - sqrt(max(below, 0.0)), told.difference + sqrt(max(above, 0.0))


def _correlation(told: Pair) -> float:
    """Newcombe's phi, with his correction for continuity where the product of the agreements is the larger one."""
    margins = (
        (told.both + told.first)
        * (told.second + told.neither)
        * (told.both + told.second)
        * (told.first + told.neither)
    )
    if not margins:
        return 0.0
    excess = told.both * told.neither - told.first * told.second
    return (max(excess - told.n / 2, 0.0) if excess > 0 else float(excess)) / sqrt(margins)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values adjusted for being that many, in the same order.

    S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statistics 6 (1979), 65-70.
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted


def more_questions(told: Pair, level: float = LEVEL) -> int | None:
    """Return how many more questions like these would settle the pair with a power of 80 %; None beyond 2,000 or never.

    R. J. Connor, "Sample size for testing differences in proportions for the paired-sample design", Biometrics 43
    (1987), 207-211, with the shares seen so far in place of the unknown ones.
    """
    if not told.n or told.first == told.second:
        return None
    differ, apart = (told.first + told.second) / told.n, abs(told.difference)
    sure, power = NormalDist().inv_cdf(1 - level / 2), NormalDist().inv_cdf(POWER)
    needed = (sure * sqrt(differ) + power * sqrt(max(differ - apart**2, 0.0))) / apart
    total = ceil(needed**2)
    return max(1, total - told.n) if total <= MOST_QUESTIONS else None


def mean_difference(first: Sequence[float], second: Sequence[float]) -> tuple[float, float, float]:
    """Return the mean difference of two scores on the same questions with its 95 % interval (paired bootstrap).

    B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13 (percentile interval); the same
    questions are drawn for both, 10,000 times, with a fixed seed.
    """
    apart = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    if not apart.size:
        return 0.0, 0.0, 0.0
    ((low, high),) = bootstrapped(apart[None, :])
    return float(apart.mean()), float(low), float(high)


def bootstrapped(samples: Values, resamples: int = _RESAMPLES) -> Values:
    """Return for each row of `samples` (rows by values) the two bounds of the 95 % interval of its mean."""
    means = samples @ _drawn(samples.shape[1], resamples).T / samples.shape[1]
    return np.quantile(means, [0.025, 0.975], axis=1).T


@lru_cache(maxsize=4)
def _drawn(n: int, resamples: int) -> Values:
    """Return how often each of n values is drawn, one row a resample."""
    return np.random.default_rng(_SEED).multinomial(n, np.full(n, 1 / n), resamples).astype(float)


def kappa(first: Sequence[str | bool], second: Sequence[str | bool]) -> float | None:
    """Return how far two judges agree beyond chance: 1 always, 0 as chance would; None where it can't be said.

    J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960),
    37-46.
    """
    number = len(first)
    if not number:
        return None
    agree = sum(one == other for one, other in zip(first, second, strict=True)) / number
    said, also = Counter(first), Counter(second)
    chance = sum(said[word] * also[word] for word in said) / number**2
    return None if chance == 1 else (agree - chance) / (1 - chance)
