"""How often answers were right, in all and by kind of question."""

from collections.abc import Sequence

from jobs.metrics.statistics import wilson
from storage.records import Json


def rights(lines: Sequence[Json]) -> Json:
    """Return the share of right answers among a column's lines with its 95 % interval, and the share by kind."""
    right = sum(line["right"] for line in lines)
    low, high = wilson(right, len(lines))
    return {
        "right": right / len(lines) if lines else 0.0,
        "right_low": low,
        "right_high": high,
        "kinds": {kind: _of_kind(lines, kind) for kind in sorted({line["kind"] for line in lines})},
    }


def _of_kind(lines: Sequence[Json], kind: str) -> Json:
    mine = [line["right"] for line in lines if line["kind"] == kind]
    return {"n": len(mine), "right": sum(mine) / len(mine)}
