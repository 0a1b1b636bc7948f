"""Which answer was preferred to which: each vote on Compare as pairs of a chosen and a rejected answer."""

from dataclasses import dataclass

from sqlalchemy import select

from storage.answer_tables import comparisons, preferences, votes
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Preference:
    """Two answers to one question, the chosen one first; the ids are those of the columns that gave them.

    `goes_on_from` names the comparison before, where the question is a follow-up; `blind` is whether the names of the
    columns were hidden from whoever chose.
    """

    prompt: str
    chosen: str
    rejected: str
    chosen_column: str
    rejected_column: str
    comparison: str
    goes_on_from: str | None
    blind: bool
    at: float


def all_preferences(database: Database) -> list[Preference]:
    """Return every pair, in the order in which the votes were given."""
    query = (
        select(
            comparisons.c.question,
            preferences.c.chosen,
            preferences.c.rejected,
            votes.c.column_id,
            preferences.c.rejected_id,
            comparisons.c.id,
            comparisons.c.previous_id,
            votes.c.blind,
            votes.c.at,
        )
        .join(comparisons, comparisons.c.id == preferences.c.comparison_id)
        .join(votes, votes.c.comparison_id == preferences.c.comparison_id)
        .order_by(votes.c.at, preferences.c.comparison_id, preferences.c.rejected_id)
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [Preference(*row[:7], blind=bool(row[7]), at=row[8]) for row in rows]
