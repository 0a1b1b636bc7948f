"""What was measured of each way beside a score, row by row of the measured table."""

from dataclasses import dataclass

from sqlalchemy import desc, func, select

from storage.database import Database
from storage.records import Json
from storage.tables import run_records

MEASURED = "measured"  # the kind of these records of a run


@dataclass(frozen=True, slots=True)
class Measurement:
    """One row of the table as it was measured: what was found of each column, by its id, and when.

    `beside` are the kinds of other jobs that ran meanwhile.
    """

    row: str
    card_id: str
    columns: dict[str, Json]
    beside: tuple[str, ...]
    at: float


class Measurements:
    """Reads what measuring jobs found; they write it as records of their run, guarded by the claim."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, most: int = 200) -> list[Measurement]:
        """Return the newest measurements, the newest first."""
        wanted = select(run_records.c.body, run_records.c.at).where(run_records.c.kind == MEASURED)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(desc(run_records.c.seq)).limit(most)).all()
        return [Measurement(**{**row.body, "beside": tuple(row.body["beside"])}, at=row.at) for row in rows]

    def revision(self) -> int:
        """Return a number that rises with every measurement."""
        with self._database.reading() as connection:
            newest = select(func.max(run_records.c.seq)).where(run_records.c.kind == MEASURED)
            return connection.scalar(newest) or 0
