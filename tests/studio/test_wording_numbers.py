import pytest

from studio.wording import numbers

DAY = 24 * 3600


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.01, "less than 0.1 s"),
        (2.83, "2.8 s"),
        (41.4, "41 s"),
        (200, "3 min 20 s"),
        (180, "3 min"),
        (3900, "1 h 5 min"),
    ],
)
def test_a_duration_has_a_unit(seconds: float, said: str) -> None:
    assert numbers.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "a few seconds"),
        (12, "about 10 seconds"),
        (44, "about 40 seconds"),
        (58, "about 1 minute"),
        (125, "about 2 minutes"),
        (3 * 3600, "about 3 hours"),
    ],
)
def test_a_forecast_is_rounded_to_what_people_can_use(seconds: float, said: str) -> None:
    assert numbers.about(seconds) == said


def test_a_noun_stands_with_its_number() -> None:
    assert numbers.count(1, "example") == "1 example"
    assert numbers.count(1203, "example") == "1,203 examples"
    assert numbers.count(2, "entry", "entries") == "2 entries"


@pytest.mark.parametrize(("done", "whole", "shown"), [(0, 0, 0), (1, 3, 33), (3, 3, 100), (5, 3, 100)])
def test_a_share_stays_within_its_bounds(done: int, whole: int, shown: int) -> None:
    assert numbers.percent(done, whole) == shown


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (0, "just now"),
        (-5, "just now"),
        (240, "4 minutes ago"),
        (3600, "1 hour ago"),
        (2 * DAY, "2 days ago"),
        (30 * DAY, "1 January 1970"),
    ],
)
def test_when_something_happened(passed: float, said: str) -> None:
    assert numbers.ago(1000, 1000 + passed) == said


def test_a_fingerprint_is_short_enough_to_compare() -> None:
    assert numbers.short_hash("b179" + "0" * 56 + "db53") == "b179…db53"
    assert numbers.short_hash("abc") == "abc"


def test_row_numbers_end_with_how_many_more_there_are() -> None:
    assert numbers.few((17, 44), 2) == "17, 44"
    assert numbers.few((17, 44), 5) == "17, 44 … and 3 more"
    assert numbers.few((), 3) == ""


@pytest.mark.parametrize(
    ("left", "said"),
    [(-5, "within the next hour"), (7200, "in about 2 hours"), (DAY, "in 1 day"), (30 * DAY - 60, "in 30 days")],
)
def test_what_is_to_come(left: float, said: str) -> None:
    assert numbers.until(1000 + left, 1000) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 bytes"), (640, "640 bytes"), (4_300, "4.3 KB"), (9_240_000, "9.2 MB"), (1_400_000_000, "1.4 GB")],
)
def test_sizes(number: int, said: str) -> None:
    assert numbers.size(number) == said
