"""How sure a rate is: intervals for the share of right answers."""

from math import sqrt

# The normal quantile of a two-sided 95 % interval.
_Z = 1.959963984540054


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return the 95 % score interval of the rate `right` / `of`; (0, 1) where nothing was counted.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209-212;
    recommended for small counts by Brown, Cai and DasGupta, Statistical Science 16 (2001), 101-133.
    """
    if not 0 <= right <= of:
        raise ValueError(f"{right} right of {of} is no rate")
    if of == 0:
        return 0.0, 1.0
    rate, spread = right / of, _Z * _Z / of
    middle = (rate + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * sqrt(rate * (1 - rate) / of + spread / (4 * of))
    # At the ends the bound is exactly 0 or 1; floating point would miss it by a hair.
    return (0.0 if right == 0 else middle - half), (1.0 if right == of else middle + half)
