"""A forecast is reckoned from a few timed batches: on the line through them, over the batches that there will be."""

from dataclasses import replace

import pytest

from jobs.training.forecast import Forecast, Rehearsed, Timed, told


def rehearsed(usual: Timed, longest: Timed, batch_size: int = 2) -> Rehearsed:
    return Rehearsed(usual, longest, batch_size, batch_size, 2_000_000_000, 3.0)


def test_a_batch_costs_something_beside_its_tokens() -> None:
    found = rehearsed(Timed(100, 1.2, 1.2 / 2), Timed(300, 3.2, 3.2 / 2))
    assert found.seconds_of(100) == pytest.approx(1.2)
    assert found.seconds_of(200) == pytest.approx(2.2)
    assert found.seconds_of(400) == pytest.approx(4.2)


def test_rows_of_one_length_are_in_proportion() -> None:
    found = rehearsed(Timed(100, 1.0, 1.0 / 2), Timed(100, 1.1, 1.1 / 2))
    assert found.seconds_of(200) == pytest.approx(2.0)


def test_a_disturbed_clock_makes_nothing_free() -> None:
    slow_first = rehearsed(Timed(100, 4.0, 4.0 / 2), Timed(300, 3.0, 3.0 / 2))
    assert slow_first.seconds_of(50) == pytest.approx(2.0)
    steep = rehearsed(Timed(100, 0.1, 0.1 / 2), Timed(300, 10.0, 10.0 / 2))
    assert steep.seconds_of(10) > 0


def test_a_pass_is_the_sum_of_its_padded_batches() -> None:
    found = rehearsed(Timed(100, 1.0, 1.0 / 2), Timed(200, 2.0, 2.0 / 2))
    # sorted 10 20 | 30 40 | 50: padded 40, 80 and 50 tokens
    assert found.seconds_a_pass([50, 10, 40, 20, 30]) == pytest.approx(1.7)


def test_several_cards_have_batches_at_the_same_time_and_the_longest_counts() -> None:
    found = replace(rehearsed(Timed(100, 1.0, 0.25), Timed(200, 2.0, 0.75)), cards=2)
    # sorted 10 20 | 30 40 | 50: of the last two 80 tokens, and 20 rows of padding before
    assert found.seconds_a_pass([50, 10, 40, 20, 30]) == pytest.approx(0.4 + 0.5)
    assert found.seconds_a_pass([50, 10, 40, 20]) == pytest.approx(1.0)
    assert found.seconds_a_look([50, 10, 40, 20, 30]) == pytest.approx(1.7 / 3), "one card looks alone"


def test_a_look_takes_what_the_way_there_takes() -> None:
    found = rehearsed(Timed(100, 1.0, 0.25), Timed(200, 2.0, 0.75))
    # a third of the seconds went into the way there
    assert found.seconds_a_look([50, 10, 40, 20, 30]) == pytest.approx(1.7 / 3)


def test_a_forecast_comes_back_from_its_record() -> None:
    foretold = Forecast(240.0, False, 120, 3.0, 2.0, 4.5, 2_000_000_000, 8_000_000_000, 8, 8)
    assert told(foretold.body()) == foretold
