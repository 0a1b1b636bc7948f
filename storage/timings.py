"""How long answers took, read back from what was kept of them."""

from dataclasses import dataclass

from sqlalchemy import and_, desc, select

from storage.answer_tables import answer_events, answers
from storage.database import Database
from storage.records import AnswerState, Json


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """One finished answer: the base model that gave it, its tokens, and the seconds from the question to its end."""

    base_id: str
    tokens: int
    seconds: float


def answer_times(database: Database, most: int = 200) -> list[AnswerTime]:
    """Return the newest finished answers; those that tell no base model come from a foreign server and are left out."""
    same = and_(*(answers.c[name] == answer_events.c[name] for name in ("comparison_id", "column_id", "attempt")))
    finished = (
        select(answer_events.c.body)
        .join(answers, same)
        .where(answers.c.state == AnswerState.FINISHED, answer_events.c.type == str(AnswerState.FINISHED))
        .order_by(desc(answers.c.finished_at))
        .limit(most)
    )
    with database.reading() as connection:
        bodies: list[Json] = list(connection.execute(finished).scalars())
    times = [AnswerTime(_base_of(body), int(body["tokens"]), float(body["seconds"])) for body in bodies]
    return [time for time in times if time.base_id]


def _base_of(body: Json) -> str:
    return str((body.get("provenance") or {}).get("base_id") or "")
