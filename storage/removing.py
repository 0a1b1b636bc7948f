"""Deleting: the rows of one thing, or of everything, each in one transaction."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, or_, select, text

from storage import matching
from storage.answer_tables import cells, comparisons, metadata, scorecards
from storage.database import Database
from storage.errors import NotFound
from storage.measurements import MEASURED
from storage.records import JobState
from storage.tables import collections, datasets, drafts, job_events, jobs, run_records, slots

_ENDED = [str(state) for state in JobState if state.final]


def remove_dataset(database: Database, name: str) -> list[str]:
    """Forget every version of the examples `name` and return their ids; raise NotFound.

    The answers that trainings on them showed as samples repeat the examples word for word, so these go, too.
    """
    with database.writing() as connection:
        ids = list(connection.execute(select(datasets.c.id).where(datasets.c.name == name)).scalars())
        if not ids:
            raise NotFound(f"There are no examples called {name!r} any more.")
        trained = select(jobs.c.id).where(jobs.c.spec_json["dataset_id"].as_string().in_(ids))
        shown = (run_records.c.kind == "sample", run_records.c.job_id.in_(trained))
        connection.execute(delete(run_records).where(*shown))
        connection.execute(delete(datasets).where(datasets.c.id.in_(ids)))
    return ids


def remove_collection(database: Database, name: str) -> None:
    """Forget a collection with its documents, their passages, drafts and the words by which they are found.

    Raises NotFound.
    """
    with database.writing() as connection:
        collection_id = connection.scalar(select(collections.c.id).where(collections.c.name == name))
        if collection_id is None:
            raise NotFound(f"There are no documents called {name!r} any more.")
        matching.remove_all(connection, collection_id)
        connection.execute(delete(drafts).where(drafts.c.collection == name))
        connection.execute(delete(collections).where(collections.c.id == collection_id))


def remove_comparisons(database: Database, comparison_ids: Sequence[str] | None = None) -> int:
    """Forget these comparisons, or all, with their answers, events and votes; return how many there were."""
    which = delete(comparisons)
    if comparison_ids is not None:
        which = which.where(comparisons.c.id.in_(comparison_ids))
    with database.writing() as connection:
        return connection.execute(which).rowcount


def remove_scorecard(database: Database, card_id: str) -> str:
    """Forget a scorecard with its answers, what judges said of them, and what was measured beside it; raise NotFound.

    Returns where its answers file lies below home.
    """
    with database.writing() as connection:
        card = connection.execute(select(scorecards).where(scorecards.c.id == card_id)).one_or_none()
        if card is None:
            raise NotFound("This scorecard is not here any more.")
        judged = select(jobs.c.id).where(jobs.c.kind == "judge", jobs.c.spec_json["card_id"].as_string() == card_id)
        scored = cells.c.job_id.in_(_gone_on_from(connection, card.job_id))
        connection.execute(delete(cells).where(or_(scored, cells.c.job_id.in_(judged))))
        measuring = select(jobs.c.id).where(jobs.c.spec_json["card_id"].as_string() == card_id)
        measured = (run_records.c.kind == MEASURED, run_records.c.job_id.in_(measuring))
        connection.execute(delete(run_records).where(*measured))
        connection.execute(delete(scorecards).where(scorecards.c.id == card_id))
    return str(card.answers_file)


def _gone_on_from(connection: Connection, job_id: str | None) -> Sequence[str]:
    """The job and the failed ones that it went on from, one after the other: their answers count in its score."""
    found: list[str] = []
    while job_id is not None:
        found.append(job_id)
        job_id = connection.scalar(select(jobs.c.parent_id).where(jobs.c.id == job_id))
    return found


def remove_everything(database: Database) -> bool:
    """Forget every row of the workspace, all or none; False, and nothing is forgotten, where a job has not ended.

    The places in which a living worker runs jobs stay: it offers them only when it starts.
    """
    with database.writing() as connection:
        going_on = select(func.count()).select_from(jobs).where(jobs.c.state.not_in(_ENDED))
        if connection.scalar(going_on):
            return False
        _forget_words(connection)
        _forget_history(connection)
        for table in reversed(metadata.sorted_tables):
            if table not in {slots, job_events}:
                connection.execute(delete(table))
    database.compact()
    return True


def _forget_words(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM passages_fts"))


def _forget_history(connection: Connection) -> None:
    """The history of jobs refuses to shrink row by row, so that no fault can shorten it; here it goes as a whole."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("TRUNCATE job_events"))
        return
    guard = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'job_events_no_delete'"
    made_by = connection.execute(text(guard)).scalar_one()
    connection.execute(text("DROP TRIGGER job_events_no_delete"))
    connection.execute(delete(job_events))
    connection.exec_driver_sql(made_by)
