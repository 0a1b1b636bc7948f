"""Answers of evaluations and verdicts of judges, one by one as they are given."""

from sqlalchemy import select

from storage.answer_tables import cells
from storage.database import Database
from storage.records import Json


class Cells:
    """Reads what evaluations have answered and judges have said; `jobs/queue` writes it, guarded by the claim."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, job_id: str) -> dict[tuple[str, int], Json]:
        """Return the scored answers or the verdicts of a job by column id and row, in the order in which they came."""
        wanted = select(cells.c.column_id, cells.c.row, cells.c.body).where(cells.c.job_id == job_id)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(cells.c.at, cells.c.row)).all()
        return {(row.column_id, row.row): row.body for row in rows}
