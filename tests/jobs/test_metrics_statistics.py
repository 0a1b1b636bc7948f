"""Wilson's interval against published and hand-computed values."""

import pytest

from jobs.metrics.statistics import mean_interval, wilson


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe, Statistics in Medicine 17 (1998), table I
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (5, 10, 0.2366, 0.7634),
        (34, 40, 0.7093, 0.9294),
    ],
)
def test_published_intervals(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_the_ends_are_exact_and_nothing_counted_says_nothing() -> None:
    assert wilson(0, 7)[0] == 0.0
    assert wilson(7, 7)[1] == 1.0
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("right", "of"), [(3, 2), (-1, 2)])
def test_no_rate_is_refused(right: int, of: int) -> None:
    with pytest.raises(ValueError, match="is no rate"):
        wilson(right, of)


def test_questions_asked_once_have_wilsons_interval() -> None:
    assert mean_interval([1.0] * 34 + [0.0] * 6, 1) == pytest.approx(wilson(34, 40))
    assert mean_interval([1.0] * 7, 3) == pytest.approx(wilson(7, 7))
    assert mean_interval([], 3) == (0.0, 1.0)


def test_asking_several_times_is_worth_at_most_as_many_single_answers() -> None:
    assert mean_interval([2 / 3] * 12, 3) == pytest.approx(wilson(24, 36)), "every question is as hard as the others"
    alike, apart = mean_interval([1.0] * 20 + [0.0] * 20, 3), mean_interval([0.5] * 40, 2)
    assert alike == pytest.approx(wilson(20, 40)), "the second and third answer told nothing new"
    assert apart == pytest.approx(wilson(40, 80))
