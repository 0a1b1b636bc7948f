"""What running jobs reported: loss, samples, progress records."""

from collections.abc import Callable, Sequence
from itertools import groupby
from math import inf

from sqlalchemy import select

from storage.database import Database
from storage.run_records import RunRecord
from storage.tables import run_records

# A record of this kind names the step from which an attempt goes on after an interruption.
START = "start"


class Runs:
    """Reads what jobs reported; `jobs/queue` writes it, guarded by the claim."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def records(self, job_id: str, kind: str | None = None, after: int = 0) -> Sequence[RunRecord]:
        """Return the job's records with a number above `after`, in the order they were written.

        Where an interrupted job went back to an earlier step, what it had reported beyond that step is left out.
        """
        wanted = select(run_records).where(run_records.c.job_id == job_id, run_records.c.seq > after)
        if kind is not None:
            wanted = wanted.where(run_records.c.kind.in_({kind, START}))
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(run_records.c.seq)).all()
        counting = _counting([RunRecord(**row._mapping) for row in rows])
        return [record for record in counting if kind in {None, record.kind}]


def _counting(records: Sequence[RunRecord]) -> Sequence[RunRecord]:
    """Leave out what a later attempt did again or went back behind; later attempts have higher fences and numbers."""
    kept: list[RunRecord] = []
    went_back = inf  # to the lowest step from which a later attempt went on
    again: dict[str, float] = {}  # of attempts that do not say it, the lowest step that they reported of each kind
    for _, attempt in groupby(reversed(records), key=lambda record: record.fence):
        told = list(attempt)
        kept += [one for one in told if one.step <= went_back and one.step < again.get(one.kind, inf)]
        starts = [one.step for one in told if one.kind == START]
        if starts:
            # From the very beginning, what was told of the beginning is told again, too.
            went_back = min(went_back, starts[0] or -1)
        else:
            again |= {one.kind: min(again.get(one.kind, inf), one.step) for one in told}
    return kept[::-1]
