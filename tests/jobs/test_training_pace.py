"""The pace of a run: how many passes fit, when it is looked at, how large each correction is."""

import pytest

from jobs.training.pace import MEASURED_AFTER, Pace


def measured(seconds: float = 1.0, **facts: int) -> Pace:
    """A pace after its first steps, each of 100 tokens."""
    pace = Pace(**{"steps_a_pass": 10, "tokens_a_pass": 1000, "least": 30, "last": 100, **facts})
    for _ in range(MEASURED_AFTER):
        pace.stepped(seconds, 100)
    return pace


def test_the_first_step_is_not_timed() -> None:
    pace = Pace(steps_a_pass=10, tokens_a_pass=1000, least=30, last=100)
    pace.stepped(60.0, 100)
    assert pace.tokens_a_second == 0
    assert pace.seconds_left() is None
    pace.stepped(1.0, 100)
    assert pace.tokens_a_second == 100


def test_whole_passes_are_fitted_into_the_seconds() -> None:
    pace = measured()
    pace.fit(60)
    assert pace.last == 60


def test_looks_cost_time_too() -> None:
    pace = measured()
    pace.look_s = 10.0
    pace.fit(97)
    assert pace.last == 50


def test_the_least_is_done_however_long_it_takes() -> None:
    pace = measured(seconds=60.0)
    pace.fit(60)
    assert pace.last == 30


def test_a_fast_computer_stops_at_the_most() -> None:
    pace = measured(seconds=0.01)
    pace.fit(180)
    assert pace.last == 100


def test_the_end_only_comes_nearer() -> None:
    pace = measured()
    pace.fit(60)
    pace.fit(600)
    assert pace.last == 60


def test_a_large_set_ends_within_its_first_pass() -> None:
    pace = measured(steps_a_pass=1000, tokens_a_pass=100_000, least=20, last=10_000)
    pace.fit(100)
    assert pace.last == 103
    looks = [step for step in range(4, 104) if at(pace, step).ends_a_look()]
    assert len(looks) in {4, 5}
    assert looks[-1] == 103


def at(pace: Pace, step: int) -> Pace:
    pace.steps = step
    return pace


def test_a_look_follows_every_pass_and_the_end() -> None:
    pace = measured(last=25, least=25)
    assert [step for step in range(1, 26) if at(pace, step).ends_a_look()] == [10, 20, 25]


def test_the_time_left_counts_down() -> None:
    pace = measured()
    first = pace.seconds_left()
    pace.stepped(1.0, 100)
    assert first == pytest.approx(97)
    assert pace.seconds_left() == pytest.approx(96)


def test_corrections_rise_shortly_and_fall_to_nothing() -> None:
    pace = Pace(steps_a_pass=10, tokens_a_pass=1000, least=30, last=100)
    factors = [pace.factor(step) for step in range(101)]
    assert 0 < factors[0] < 0.5
    assert max(factors) == pytest.approx(1, abs=0.01)
    assert factors.index(max(factors)) <= 6
    assert factors[6:] == sorted(factors[6:], reverse=True)
    assert factors[100] == pytest.approx(0)


def test_a_nearer_end_shrinks_the_corrections() -> None:
    pace = measured()
    before = pace.factor(50)
    pace.fit(60)
    assert pace.factor(50) < before
