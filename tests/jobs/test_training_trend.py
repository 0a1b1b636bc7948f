"""What a course says, in one word that the page turns into a sentence."""

import pytest

from jobs.training.trend import Look, Trend, read

FALLING = [(step, 3.0 - step / 20) for step in range(1, 51)]
LEVEL = [(step, 1.0) for step in range(1, 51)]


def looks(*losses: float) -> list[Look]:
    return [Look(10 * nr, float(nr), loss) for nr, loss in enumerate(losses)]


@pytest.mark.parametrize(
    ("losses", "learning", "trend", "best"),
    [
        ((), FALLING, Trend.EARLY, None),
        ((3.0,), FALLING, Trend.EARLY, None),
        ((3.0, 2.0), FALLING, Trend.IMPROVING, 1),
        ((3.0, 2.0, 1.5, 1.4), FALLING, Trend.IMPROVING, 3),
        ((3.0, 1.4, 1.41), FALLING, Trend.IMPROVING, 1),  # one that is no better is chance
        ((3.0, 1.4, 1.6), FALLING, Trend.MEMORISING, 1),  # … unless it is much worse
        ((3.0, 2.0, 1.5, 1.505, 1.5), FALLING, Trend.STOPPED, 2),
        ((3.0, 2.0, 1.5, 1.6, 1.7), FALLING, Trend.MEMORISING, 2),
        ((3.0, 2.0, 1.5, 1.6, 1.7), LEVEL, Trend.STOPPED, 2),  # what it learns does not get closer either
        ((3.0, 2.0, 1.5, 1.497, 1.495), FALLING, Trend.STOPPED, 2),  # so little is no progress
        ((3.0, 3.2), FALLING, Trend.EARLY, 1),
        ((3.0, 3.2, 3.4), FALLING, Trend.NO_HELP, 1),
        ((3.0, 2.99, 2.995), FALLING, Trend.NO_HELP, 1),
    ],
)
def test_the_looks_are_read(
    losses: tuple[float, ...], learning: list[tuple[int, float]], trend: Trend, best: int | None
) -> None:
    reading = read(looks(*losses), learning)
    assert reading.trend is trend
    assert (reading.best.passes if reading.best else None) == best
