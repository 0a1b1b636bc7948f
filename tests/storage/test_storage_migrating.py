"""A database reaches the newest form from empty, and that form is the one the code expects."""

import subprocess
import sys

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage.answer_tables import metadata
from storage.migrating import migrate
from storage.settings import Settings
from storage.workspace import Workspace
from tests.conftest import PROJECT


def test_the_migrated_form_is_the_one_in_the_tables(workspace: Workspace) -> None:
    with workspace.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        assert compare_metadata(context, metadata) == []


def _is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    return not (kind == "table" and str(name).startswith("passages_fts"))


def test_migrating_twice_changes_nothing(workspace: Workspace) -> None:
    migrate(workspace.database)
    with workspace.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar_one() == 1


def test_two_processes_may_open_a_new_home_at_once(settings: Settings) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from storage.settings import Settings; from storage.workspace import Workspace\n"
        "Workspace.open(Settings(home=Path(sys.argv[1]))).close()"
    )
    command = [sys.executable, "-c", script, str(settings.home)]
    started = [subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[1].decode()[-400:] for process in started] == [""] * 4
    assert [process.returncode for process in started] == [0] * 4
