"""Which judge's verdicts count in a score, where a person has let them."""

from collections.abc import Callable

from sqlalchemy import delete, insert, select

from storage.answer_tables import judges, scorecards
from storage.database import Database
from storage.errors import NotFound


class Judges:
    """Keeps for each scorecard the job whose verdicts a person lets count."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def let_count(self, card_id: str, job_id: str) -> None:
        """Let the verdicts of this job count, in place of another one's; raise NotFound without the score."""
        with self._database.writing() as connection:
            if connection.scalar(select(scorecards.c.id).where(scorecards.c.id == card_id)) is None:
                raise NotFound("This score is not here any more.")
            connection.execute(delete(judges).where(judges.c.card_id == card_id))
            connection.execute(insert(judges).values(card_id=card_id, job_id=job_id, at=self._clock()))

    def take_back(self, card_id: str) -> None:
        """Let no judge count in this score."""
        with self._database.writing() as connection:
            connection.execute(delete(judges).where(judges.c.card_id == card_id))

    def of(self, card_id: str) -> str | None:
        """Return the job whose verdicts a person lets count in this score, or None."""
        with self._database.reading() as connection:
            return connection.scalar(select(judges.c.job_id).where(judges.c.card_id == card_id))
