"""All votes on comparisons, with the columns that stood for choice."""

from dataclasses import dataclass

from sqlalchemy import func, select

from storage.answer_tables import answers, comparisons, votes
from storage.columns import column_from
from storage.database import Database
from storage.records import AnswerState, Column

TIE, NONE = "tie", "none"


@dataclass(frozen=True, slots=True)
class Vote:
    """What a person would send of one comparison: a column's id, TIE or NONE; `columns` are those that had answered.

    `blind` is whether the names of the columns were hidden from them.
    """

    voted: str
    columns: tuple[Column, ...]
    blind: bool = False


def vote_on(database: Database, comparison_id: str) -> tuple[str, bool] | None:
    """Return what was voted for on one comparison and whether that was blind; None without a vote."""
    query = select(votes.c.column_id, votes.c.blind).where(votes.c.comparison_id == comparison_id)
    with database.reading() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else (row.column_id, bool(row.blind))


def all_votes(database: Database) -> list[Vote]:
    """Return the vote of every comparison that has one, in the order in which they were given."""
    newest = (
        select(answers.c.comparison_id, answers.c.column_id, func.max(answers.c.attempt).label("attempt"))
        .join(votes, votes.c.comparison_id == answers.c.comparison_id)
        .group_by(answers.c.comparison_id, answers.c.column_id)
        .subquery()
    )
    finished = select(answers.c.comparison_id, answers.c.column_id).join(
        newest,
        (answers.c.comparison_id == newest.c.comparison_id)
        & (answers.c.column_id == newest.c.column_id)
        & (answers.c.attempt == newest.c.attempt),
    )
    voted = select(comparisons.c.id, comparisons.c.columns, votes.c.column_id, votes.c.blind).join(
        votes, votes.c.comparison_id == comparisons.c.id
    )
    with database.reading() as connection:
        rows = connection.execute(finished.where(answers.c.state == AnswerState.FINISHED)).all()
        chosen = connection.execute(voted.order_by(votes.c.at)).all()
    had = {(row.comparison_id, row.column_id) for row in rows} | {(row.id, row.column_id) for row in chosen}
    return [
        Vote(
            row.column_id, tuple(column_from(one) for one in row.columns if (row.id, one["id"]) in had), bool(row.blind)
        )
        for row in chosen
    ]
