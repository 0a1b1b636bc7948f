"""Whether what is kept is sound: the database, its version, the rules that rows obey, the files they name."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Select, func, select

from storage.database import Database
from storage.errors import Damaged
from storage.files import MANIFEST, read_manifest, sha256_of
from storage.migrating import alembic_config
from storage.records import JobState
from storage.tables import adapters, job_events, jobs, slots
from storage.workspace import Workspace

_SUCCEEDED = JobState.SUCCEEDED.value
_ALIVE = (JobState.RUNNING.value, JobState.CANCELLING.value)


def database_problems(database: Database) -> list[str]:
    """Return what SQLite's own checks find; PostgreSQL looks after itself, there only a query is tried."""
    with database.reading() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SELECT 1")
            return []
        whole = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [line for line in whole if line != "ok"] + [
        f"{row[0]}: row {row[1]} names a row of {row[2]} that is gone" for row in dangling
    ]


def version_problems(database: Database) -> list[str]:
    """Return a sentence where the database is not of this program's version."""
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with database.reading() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return [] if current == newest else [f"The database has version {current}, this program works with {newest}."]


def job_problems(database: Database) -> list[str]:
    """Return which jobs break a rule: a runner holds its slot, a success has what it made, history tells the state."""
    with database.reading() as connection:
        return [
            *_named(connection, _slotless(), "runs without a slot"),
            *_named(connection, _slot_of_no_runner(), "holds a slot without running"),
            *_named(connection, _without_adapter(), "succeeded, but its adapter is not kept"),
            *_named(connection, _adapter_of_no_success(), "has an adapter without having succeeded"),
            *_named(connection, _history_differs(), "stands in another state than its history tells"),
        ]


def file_problems(workspace: Workspace) -> list[str]:
    """Return which kept adapters, or deleted ones that can come back, lack a file or differ from what was saved."""
    found: list[str] = []
    for adapter in (*workspace.adapters.list(), *workspace.adapters.deleted()):
        folder = workspace.home / adapter.path
        try:
            read_manifest(folder)
            if sha256_of(folder / MANIFEST) != adapter.manifest_sha256:
                found.append(f"{adapter.name}: the manifest of {adapter.path} is not what was saved.")
        except Damaged as error:
            found.append(f"{adapter.name}: {error}")
    return found


def _named(connection: Connection, broken: Select[tuple[str]], how: str) -> list[str]:
    return [f"Job {job_id} {how}." for job_id in connection.execute(broken).scalars()]


def _slotless() -> Select[tuple[str]]:
    held = select(slots.c.job_id).where(slots.c.job_id == jobs.c.id, slots.c.fence == jobs.c.fence).exists()
    return select(jobs.c.id).where(jobs.c.state.in_(_ALIVE), ~held)


def _slot_of_no_runner() -> Select[tuple[str]]:
    return select(jobs.c.id).join(slots, slots.c.job_id == jobs.c.id).where(jobs.c.state.not_in(_ALIVE))


def _without_adapter() -> Select[tuple[str]]:
    kept = select(adapters.c.id).where(adapters.c.job_id == jobs.c.id).exists()
    return select(jobs.c.id).where(jobs.c.state == _SUCCEEDED, jobs.c.adapter_id.is_not(None), ~kept)


def _adapter_of_no_success() -> Select[tuple[str]]:
    return select(jobs.c.id).join(adapters, adapters.c.job_id == jobs.c.id).where(jobs.c.state != _SUCCEEDED)


def _history_differs() -> Select[tuple[str]]:
    later = job_events.alias()
    newest = select(func.max(later.c.seq)).where(later.c.job_id == jobs.c.id).correlate(jobs).scalar_subquery()
    told = select(job_events.c.to_state).where(job_events.c.seq == newest).correlate(jobs).scalar_subquery()
    return select(jobs.c.id).where(told.is_distinct_from(jobs.c.state))
