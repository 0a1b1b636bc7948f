"""The two doors: readers don't write, a failed block leaves nothing, many writers don't collide."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from storage.database import Database, sqlite_module
from storage.errors import NoSpace, OurFault
from storage.mounts import refuse_network_file_system
from storage.tables import queue_control
from storage.workspace import Workspace


def _count(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(queue_control)).scalar_one()


def test_the_reading_door_refuses_to_write(workspace: Workspace) -> None:
    with pytest.raises(OperationalError, match="readonly"), workspace.database.reading() as connection:
        connection.execute(insert(queue_control).values(name="a", paused=0))


def test_a_block_that_fails_leaves_nothing(workspace: Workspace) -> None:
    def half() -> None:
        with workspace.database.writing() as connection:
            connection.execute(insert(queue_control).values(name="a", paused=0))
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - raised just above
        half()
    assert _count(workspace.database) == 0


def test_a_reader_sees_the_state_from_before_an_open_write(workspace: Workspace) -> None:
    with workspace.database.writing() as connection:
        connection.execute(insert(queue_control).values(name="a", paused=0))
        assert _count(workspace.database) == 0
    assert _count(workspace.database) == 1


def test_many_writers_take_turns(workspace: Workspace) -> None:
    def write(worker: int) -> None:
        for number in range(20):
            with workspace.database.writing() as connection:
                connection.execute(insert(queue_control).values(name=f"{worker}-{number}", paused=0))

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _count(workspace.database) == 120


def test_write_ahead_logging_only_on_a_release_without_its_fault(workspace: Workspace) -> None:
    with workspace.database.reading() as connection:
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    safe = sqlite_module().sqlite_version_info >= (3, 51, 3)
    assert journal == ("wal" if safe else "delete")


def test_a_network_drive_is_refused_in_words(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"22 1 0:20 / / rw - ext4 /dev/a rw\n30 22 0:31 / {tmp_path} rw - nfs4 server:/x rw\n")
    with pytest.raises(OurFault, match="network drive") as caught:
        refuse_network_file_system(tmp_path / "home", mounts)
    assert "TRIPTYCH_HOME" in caught.value.next_step


def test_the_history_of_a_job_only_grows(workspace: Workspace) -> None:
    with workspace.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO jobs (id, kind, lane, idem_key, spec_json, spec_hash, state, result_json, created_at) "
            "VALUES ('j', 'train', 'device', 'k', '{}', '', 'queued', '{}', 0)"
        )
        connection.exec_driver_sql(
            "INSERT INTO job_events (job_id, fence, from_state, to_state, actor, at) "
            "VALUES ('j', 0, '', 'queued', 'a', 0)"
        )
    for statement in ("UPDATE job_events SET actor = 'b'", "DELETE FROM job_events"):
        with pytest.raises(IntegrityError, match="only grows"), workspace.database.writing() as writer:
            writer.exec_driver_sql(statement)


def test_a_full_disk_is_told_in_words(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'small.db'}")

    def fill() -> None:
        with database.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE filling (body TEXT)")
            connection.exec_driver_sql("PRAGMA max_page_count=20")
            connection.exec_driver_sql("INSERT INTO filling VALUES (?)", ("x" * 200_000,))

    with pytest.raises(NoSpace, match="disk is full"):
        fill()
    database.close()
