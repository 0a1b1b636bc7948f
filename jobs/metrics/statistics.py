"""How sure a rate is: intervals for the share of right answers."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean

# The normal quantile of a two-sided 95 % interval.
_Z = 1.959963984540054


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return the 95 % score interval of the rate `right` / `of`; (0, 1) where nothing was counted.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209-212;
    recommended for small counts by Brown, Cai and DasGupta, Statistical Science 16 (2001), 101-133.
    """
    if not 0 <= right <= of:
        raise ValueError(f"{right} right of {of} is no rate")
    return _scored(right / of, of) if of else (0.0, 1.0)


def mean_interval(shares: Sequence[float], times: int) -> tuple[float, float]:
    """Return the 95 % interval of the mean of `shares`, each from 0 to 1; (0, 1) without any.

    Each is the share of right answers to one question that was asked so many times. Its answers hang together, so what
    counts is how far the questions lie apart: Wilson's interval for as many single answers as would be as sure, which
    are never fewer than the questions and never more than the answers.

    C. Franco, R. J. A. Little, T. A. Louis and E. V. Slud, "Comparative study of confidence intervals for proportions
    in complex sample surveys", J. Survey Statistics and Methodology 7 (2019), 334-364 (effective sample size); for
    questions that are asked several times E. Miller, "Adding error bars to evals", arXiv 2411.00640 (2024).
    """
    if not shares:
        return 0.0, 1.0
    rate, n = fmean(shares), len(shares)
    single = rate * (1 - rate)  # the variance that single answers would have
    apart = fmean((share - rate) ** 2 for share in shares)
    worth = single / apart if apart else times if single else 1
    return _scored(rate, n * min(max(worth, 1), times))


def _scored(rate: float, of: float) -> tuple[float, float]:
    """Return Wilson's interval of a rate among so many."""
    spread = _Z * _Z / of
    middle = (rate + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * sqrt(rate * (1 - rate) / of + spread / (4 * of))
    # At the ends the bound is exactly 0 or 1; floating point would miss it by a hair.
    return (0.0 if rate <= 0 else middle - half), (1.0 if rate >= 1 else middle + half)
