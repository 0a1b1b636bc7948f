"""How often answers were right, in all and by kind of question."""

from collections.abc import Sequence
from statistics import fmean

from jobs.metrics.statistics import mean_interval
from storage.records import Json


def rights(lines: Sequence[Json]) -> Json:
    """Return the share of right answers among a column's lines with its 95 % interval, and the share by kind.

    A question that was asked several times counts with the share of its right answers; `times` is how often.
    """
    shares = [share_of(line) for line in lines]
    times = max((len(line.get("runs") or [line]) for line in lines), default=1)
    low, high = mean_interval(shares, times)
    return {
        "right": fmean(shares) if shares else 0.0,
        "right_low": low,
        "right_high": high,
        "times": times,
        "kinds": {kind: _of_kind(lines, kind) for kind in sorted({line["kind"] for line in lines})},
    }


def share_of(line: Json) -> float:
    """Return the share of a line's answers that are right; what a person said of it counts for all of them."""
    return float(line["right"]) if "judged" in line else float(line.get("share", line["right"]))


def _of_kind(lines: Sequence[Json], kind: str) -> Json:
    shares = [share_of(line) for line in lines if line["kind"] == kind]
    return {"n": len(shares), "right": fmean(shares)}
