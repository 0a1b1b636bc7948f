"""What running jobs reported: loss, samples, progress records."""

from collections.abc import Callable, Sequence

from sqlalchemy import exists, select

from storage.database import Database
from storage.records import RunRecord
from storage.tables import run_records


class Runs:
    """Reads what jobs reported; `jobs/queue` writes it, guarded by the claim."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def records(self, job_id: str, kind: str | None = None, after: int = 0) -> Sequence[RunRecord]:
        """Return the job's records with a number above `after`, in the order they were written.

        Where an interrupted job went back to an earlier step, what it had reported beyond that step is left out.
        """
        later = run_records.alias()
        undone = exists().where(
            later.c.job_id == run_records.c.job_id,
            later.c.kind == run_records.c.kind,
            later.c.fence > run_records.c.fence,
            later.c.step <= run_records.c.step,
        )
        wanted = select(run_records).where(run_records.c.job_id == job_id, run_records.c.seq > after, ~undone)
        if kind is not None:
            wanted = wanted.where(run_records.c.kind == kind)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(run_records.c.seq)).all()
        return [RunRecord(**row._mapping) for row in rows]
