"""How long answers took, read back from what was kept of them."""

from dataclasses import dataclass

from sqlalchemy import and_, desc, select

from storage.answer_tables import answer_events, answers, cells
from storage.database import Database
from storage.records import AnswerState, Json

_FINISHED = str(AnswerState.FINISHED)


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """One finished answer: the base model that gave it, its tokens, and the seconds from the question to its end."""

    base_id: str
    tokens: int
    seconds: float


def answer_times(database: Database, most: int = 200) -> list[AnswerTime]:
    """Return the newest finished answers of comparisons and evaluations, at most so many.

    Those that tell no base model come from a foreign server and are left out.
    """
    same = and_(*(answers.c[name] == answer_events.c[name] for name in ("comparison_id", "column_id", "attempt")))
    compared = (
        select(answer_events.c.body, answers.c.finished_at.label("at"))
        .join(answers, same)
        .where(answers.c.state == _FINISHED, answer_events.c.type == _FINISHED)
        .order_by(desc(answers.c.finished_at))
        .limit(most)
    )
    scored = select(cells.c.body, cells.c.at).order_by(desc(cells.c.at)).limit(most)
    with database.reading() as connection:
        rows = [*connection.execute(compared).all(), *connection.execute(scored).all()]
    newest = sorted(rows, key=lambda row: row.at, reverse=True)
    bodies: list[Json] = [row.body for row in newest if row.body.get("state", _FINISHED) == _FINISHED]
    return [AnswerTime(_base(body), body["tokens"], body["seconds"]) for body in bodies if _base(body)][:most]


def _base(body: Json) -> str:
    return (body.get("provenance") or {}).get("base_id") or ""
