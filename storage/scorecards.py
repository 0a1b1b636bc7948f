"""Scores of evaluations, one row each."""

from sqlalchemy import Row, desc, select

from storage.answer_tables import scorecards
from storage.database import Database
from storage.errors import NotFound
from storage.records import Scorecard


class Scorecards:
    """Reads the scores that jobs finished with; `jobs/queue` writes the row together with the job's success."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> list[Scorecard]:
        """Return all scorecards, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(scorecards).order_by(desc(scorecards.c.created_at))).all()
        return [_record(row) for row in rows]

    def get(self, card_id: str) -> Scorecard:
        """Return one scorecard; raise NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(select(scorecards).where(scorecards.c.id == card_id)).one_or_none()
        if row is None:
            raise NotFound(f"There is no scorecard {card_id!r}.")
        return _record(row)


def _record(row: Row[tuple[object, ...]]) -> Scorecard:
    values = dict(row._mapping)
    values.pop("user_id")
    return Scorecard(**{**values, "ways": tuple(values["ways"])})
