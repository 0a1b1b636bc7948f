"""What the course of a training says: whether it still gets better on what it never saw, has stopped, or memorises."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# A change below this share of the distance is none: the watched rows are few.
_NOTEWORTHY = 0.01
# One look that is worse by so much is no chance any more.
_MUCH = 0.05
# Looks in a row without a better one before it is said that it has stopped.
_ENOUGH = 2


class Trend(StrEnum):
    """Where a training stands."""

    EARLY = "early"
    IMPROVING = "improving"
    STOPPED = "stopped"
    MEMORISING = "memorising"
    NO_HELP = "no help"


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the watched rows: the step, the passes done, and the distance (mean loss a token)."""

    step: int
    passes: float
    loss: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the looks say; `best` is the first look that was as good as any, None before any."""

    trend: Trend
    best: Look | None = None


def read(looks: Sequence[Look], learning: Sequence[tuple[float, float]]) -> Reading:
    """Return what the looks, in order and the first one before the first step, say.

    `learning` are the steps and distances of what is learned: where these still shrink while the watched ones grow,
    the model memorises. One look after the first that is worse is chance; two are a finding.
    """
    if len(looks) < 2:
        return Reading(Trend.EARLY)
    first, later = looks[0], looks[1:]
    least = min(look.loss for look in later)
    # What comes after within the noise is no progress, so the first look that was as good is where it ended.
    best = next(look for look in later if look.loss <= least * (1 + _NOTEWORTHY))
    since = later[later.index(best) + 1 :]
    if best.loss > first.loss * (1 - _NOTEWORTHY):
        return Reading(Trend.NO_HELP if len(later) >= _ENOUGH else Trend.EARLY, best)
    worse = bool(since) and since[-1].loss > least * (1 + _NOTEWORTHY)
    if len(since) < _ENOUGH and not (worse and since[-1].loss > least * (1 + _MUCH)):
        return Reading(Trend.IMPROVING, best)
    return Reading(Trend.MEMORISING if worse and _shrinks(learning, best.step) else Trend.STOPPED, best)


def _shrinks(learning: Sequence[tuple[float, float]], since: int) -> bool:
    """Whether the distance of what is learned is smaller after a step than in as many steps before it."""
    after = [loss for step, loss in learning if step > since]
    before = [loss for step, loss in learning if step <= since][-len(after) :]
    return bool(after and before) and sum(after) / len(after) < sum(before) / len(before)
