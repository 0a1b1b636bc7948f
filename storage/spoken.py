"""Which sounds belong to which comparisons: the calls of a tool that their answers made."""

from collections.abc import Sequence

from sqlalchemy import select

from storage.answer_tables import answer_events
from storage.database import Database
from storage.records import Json

# Below home: the sounds that calls made.
SOUNDS = "audio"


def calls_of(database: Database, tool: str, comparison_ids: Sequence[str] | None = None) -> list[Json]:
    """Return the arguments of every call of `tool` in these comparisons, or in all."""
    calls = select(answer_events.c.body).where(
        answer_events.c.type == "called", answer_events.c.body["call"]["tool"].as_string() == tool
    )
    if comparison_ids is not None:
        calls = calls.where(answer_events.c.comparison_id.in_(comparison_ids))
    with database.reading() as connection:
        return [body["call"]["arguments"] for body in connection.execute(calls).scalars()]
