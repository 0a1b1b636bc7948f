"""Whether what is kept is sound: the database, its version, the rules that rows obey, the files they name."""

from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Select, func, select

from storage.database import Database
from storage.errors import Damaged
from storage.files import MANIFEST, read_manifest, sha256_of
from storage.migrating import alembic_config
from storage.records import JobState
from storage.tables import adapters, checkpoints, job_events, jobs, slots
from storage.workspace import Workspace

_SUCCEEDED = JobState.SUCCEEDED.value
_FINAL = tuple(state.value for state in JobState if state.final)
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
            *_named(connection, _history_breaks(), "has a history whose steps do not follow one another"),
            *_named(connection, _went_on_after_its_end(), "went on after its end"),
            *_named(connection, _claims_fall(), "has a claim older than one before it"),
        ]


def file_problems(workspace: Workspace) -> list[str]:
    """Return which kept adapters, or deleted ones that can come back, lack a file or differ from what was saved."""
    return [
        f"{adapter.name}: {problem}"
        for adapter in (*workspace.adapters.list(), *workspace.adapters.deleted())
        for problem in _folder_problems(workspace.home / adapter.path, adapter.manifest_sha256)
    ]


def checkpoint_problems(workspace: Workspace) -> list[str]:
    """Return which checkpoints of unfinished jobs could not be gone on from."""
    unfinished = select(checkpoints).join(jobs).where(jobs.c.finished_at.is_(None))
    with workspace.database.reading() as connection:
        kept = connection.execute(unfinished).all()
    return [
        f"Job {row.job_id}, step {row.step}: {problem}"
        for row in kept
        for problem in _folder_problems(workspace.home / row.path, row.manifest_sha256)
    ]


def _folder_problems(folder: Path, manifest_sha256: str) -> list[str]:
    try:
        read_manifest(folder)
        same = sha256_of(folder / MANIFEST) == manifest_sha256
    except Damaged as error:
        return [str(error)]
    return [] if same else [f"The manifest of {folder.name} is not what was saved."]


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


def _history_breaks() -> Select[tuple[str]]:
    before = func.lag(job_events.c.to_state, 1, "").over(partition_by=job_events.c.job_id, order_by=job_events.c.seq)
    steps = select(job_events.c.job_id, job_events.c.from_state, before.label("before")).subquery()
    return select(steps.c.job_id).where(steps.c.from_state != steps.c.before).distinct()


def _went_on_after_its_end() -> Select[tuple[str]]:
    return select(job_events.c.job_id).where(job_events.c.from_state.in_(_FINAL)).distinct()


def _claims_fall() -> Select[tuple[str]]:
    before = func.lag(job_events.c.fence, 1, 0).over(partition_by=job_events.c.job_id, order_by=job_events.c.seq)
    steps = select(job_events.c.job_id, job_events.c.fence, before.label("before")).subquery()
    return select(steps.c.job_id).where(steps.c.fence < steps.c.before).distinct()
