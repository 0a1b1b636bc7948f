"""What people say of scored answers: right, wrong, or nothing; the last word counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, delete, func, insert, select

from storage.answer_tables import marks, scorecards
from storage.database import Database
from storage.errors import NotFound

Said = Literal["right", "wrong", "skip"]
Place = tuple[str, int]  # column id and row


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person said of one answer, why, and whether its column was hidden from them."""

    mark: Said
    reason: str = ""
    blind: bool = False


class Marks:
    """Keeps the marks of scorecards."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def put(self, card_id: str, places: Sequence[Place], mark: Mark) -> None:
        """Say the same of these answers, in place of what was said of them before; raise NotFound without the score."""
        now = self._clock()
        with self._database.writing() as connection:
            if connection.scalar(select(scorecards.c.id).where(scorecards.c.id == card_id)) is None:
                raise NotFound("This score is not here any more.")
            for column_id, row in places:
                connection.execute(delete(marks).where(*_at(card_id, column_id, row)))
                connection.execute(
                    insert(marks).values(
                        card_id=card_id,
                        column_id=column_id,
                        row=row,
                        mark=mark.mark,
                        reason=mark.reason,
                        blind=int(mark.blind),
                        at=now,
                    )
                )

    def take_back(self, card_id: str, places: Sequence[Place]) -> None:
        """Forget what was said of these answers; the automatic judgement counts again."""
        with self._database.writing() as connection:
            for column_id, row in places:
                connection.execute(delete(marks).where(*_at(card_id, column_id, row)))

    def of(self, card_id: str) -> dict[Place, Mark]:
        """Return what was said of the answers of a score, in the order in which it was said."""
        with self._database.reading() as connection:
            rows = connection.execute(select(marks).where(marks.c.card_id == card_id).order_by(marks.c.at)).all()
        return {(row.column_id, row.row): Mark(row.mark, row.reason, bool(row.blind)) for row in rows}

    def revision(self, card_id: str) -> str:
        """Return what changes with every mark of a score."""
        told = select(func.count(), func.max(marks.c.at)).where(marks.c.card_id == card_id)
        with self._database.reading() as connection:
            return " ".join(str(value) for value in connection.execute(told).one())


def _at(card_id: str, column_id: str, row: int) -> tuple[ColumnElement[bool], ...]:
    return marks.c.card_id == card_id, marks.c.column_id == column_id, marks.c.row == row
