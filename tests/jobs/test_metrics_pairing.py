"""Paired comparisons: known values of the literature, and intervals that hold the truth as often as they say."""

import numpy as np
import pytest
from scipy.stats import binomtest

from jobs.metrics.pairing import (
    Pair,
    bootstrapped,
    difference_interval,
    holm,
    kappa,
    mcnemar,
    mean_difference,
    more_questions,
    pair,
)
from jobs.metrics.statistics import mean_interval, wilson

SIMULATIONS = 10_000


def test_outcomes_are_counted_in_pairs() -> None:
    told = pair([True, True, False, False], [True, False, True, False])
    assert told == Pair(1, 1, 1, 1)
    assert (told.n, told.difference) == (4, 0.0)
    with pytest.raises(ValueError, match="shorter"):
        pair([True], [])


@pytest.mark.parametrize(("first", "second", "p"), [(5, 0, 0.0625), (10, 1, 0.01171875), (4, 4, 1.0), (0, 0, 1.0)])
def test_mcnemars_exact_test(first: int, second: int, p: float) -> None:
    assert mcnemar(Pair(20, first, second, 20)) == pytest.approx(p)
    assert mcnemar(Pair(20, second, first, 20)) == pytest.approx(p)


@pytest.mark.parametrize(
    ("told", "low", "high"),
    # Newcombe 1998, table III, method 10.
    [
        (Pair(36, 12, 2, 0), 0.0569, 0.3404),
        (Pair(54, 0, 0, 0), -0.0664, 0.0664),
    ],
)
def test_the_interval_of_a_paired_difference_is_newcombes(told: Pair, low: float, high: float) -> None:
    assert difference_interval(told) == pytest.approx((low, high), abs=2e-4)


def test_the_exact_test_is_the_binomial_one() -> None:
    for first in range(12):
        for second in range(12):
            if first + second:
                known = binomtest(first, first + second, 0.5).pvalue
                assert mcnemar(Pair(3, first, second, 4)) == pytest.approx(known)


def test_holm_adjusts_in_order() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == pytest.approx([1.0, 1.0])
    assert holm([]) == []


def test_more_questions_are_named_until_it_makes_no_sense() -> None:
    told = Pair(20, 10, 4, 16)
    more = more_questions(told)
    assert more is not None
    assert 40 < more < 110
    assert more_questions(Pair(20, 30, 0, 0)) == 1, "it is settled but for a question"
    assert more_questions(Pair(20, 5, 5, 20)) is None
    assert more_questions(Pair(20, 51, 50, 20)) is None
    assert more_questions(Pair(0, 0, 0, 0)) is None


def test_the_named_number_of_questions_settles_it_about_four_times_in_five() -> None:
    rng, truth = np.random.default_rng(1), (0.4, 0.22, 0.08, 0.3)
    more = more_questions(Pair(40, 22, 8, 30))
    assert more is not None
    drawn = rng.multinomial(100 + more, truth, 2000)
    settled = np.mean([mcnemar(Pair(*map(int, one))) < 0.05 for one in drawn])
    assert 0.72 < settled < 0.9


@pytest.mark.parametrize("n", [20, 50, 100, 150])
def test_intervals_of_a_rate_hold_the_truth_in_93_to_97_of_100(n: int) -> None:
    rng = np.random.default_rng(7)
    truths = rng.uniform(0.05, 0.95, SIMULATIONS)
    known = [wilson(right, n) for right in range(n + 1)]
    told = [known[right] for right in rng.binomial(n, truths)]
    held = np.mean([low <= rate <= high for rate, (low, high) in zip(truths, told, strict=True)])
    assert 0.93 <= held <= 0.97


@pytest.mark.parametrize("truth", [(0.4, 0.2, 0.1, 0.3), (0.5, 0.15, 0.15, 0.2), (0.2, 0.3, 0.1, 0.4)])
@pytest.mark.parametrize("n", [60, 100])
def test_intervals_of_a_difference_hold_the_truth_in_93_to_97_of_100(
    n: int, truth: tuple[float, float, float, float]
) -> None:
    drawn = np.random.default_rng(11).multinomial(n, truth, SIMULATIONS)
    apart = truth[1] - truth[2]
    bounds = (difference_interval(Pair(*map(int, one))) for one in drawn)
    held = np.mean([low <= apart <= high for low, high in bounds])
    assert 0.93 <= held <= 0.97


@pytest.mark.parametrize(("n", "times", "spread"), [(30, 3, (1.0, 1.0)), (60, 3, (2.0, 1.0)), (40, 10, (0.5, 0.3))])
def test_intervals_of_questions_asked_several_times_hold_the_truth_in_93_to_97_of_100(
    n: int, times: int, spread: tuple[float, float]
) -> None:
    rng = np.random.default_rng(17)
    how_hard = rng.beta(*spread, (SIMULATIONS, n))
    truth, shares = spread[0] / sum(spread), rng.binomial(times, how_hard) / times
    bounds = (mean_interval(row, times) for row in shares.tolist())
    held = np.mean([low <= truth <= high for low, high in bounds])
    assert 0.93 <= held <= 0.97


def test_intervals_of_a_mean_difference_hold_the_truth_in_93_to_97_of_100() -> None:
    rng, n = np.random.default_rng(19), 60
    # Scores from 0 to 1, of which many are exactly 0 or 1, and the second column is a little better.
    apart = rng.choice([-1.0, -0.4, 0.0, 0.3, 1.0], p=[0.2, 0.1, 0.45, 0.1, 0.15], size=(SIMULATIONS, n))
    truth = -0.2 - 0.04 + 0.03 + 0.15
    bounds = np.concatenate([bootstrapped(some, resamples=1000) for some in np.split(apart, 20)])
    held = np.mean((bounds[:, 0] <= truth) & (truth <= bounds[:, 1]))
    assert 0.93 <= held <= 0.97


def test_the_test_errs_at_most_as_often_as_it_says() -> None:
    drawn = np.random.default_rng(13).multinomial(100, (0.4, 0.15, 0.15, 0.3), SIMULATIONS)
    assert np.mean([mcnemar(Pair(*map(int, one))) < 0.05 for one in drawn]) <= 0.05


def test_a_mean_difference_has_its_interval() -> None:
    rng = np.random.default_rng(3)
    second = rng.uniform(0, 1, 200)
    apart, low, high = mean_difference(list(second + rng.normal(0.1, 0.1, 200)), list(second))
    assert low < 0.1 < high
    assert high - low < 0.05
    assert low < apart < high
    assert mean_difference([], []) == (0.0, 0.0, 0.0)


def test_agreement_beyond_chance() -> None:
    assert kappa([True, False, True, False], [True, False, True, False]) == 1.0
    assert kappa([True, True, False, False], [True, False, True, False]) == 0.0
    assert kappa([True, True], [True, True]) is None
    assert kappa([], []) is None
