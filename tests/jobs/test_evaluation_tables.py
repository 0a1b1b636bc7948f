"""A table of test questions is checked, kept once, and offered again."""

from pathlib import Path

import pytest

from jobs.evaluation.questions import read_questions
from jobs.evaluation.tables import keep_test_table
from jobs.requests import Evaluate
from storage.errors import UnreadableFile, UnusableRows
from storage.kept_tables import kept_tables
from storage.workspace import Workspace
from tests.clock import Clock


def table(folder: Path, text: str = "question,answer\nWhen?,Today\nWho?,Ada\nWhy?,\n", name: str = "test.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_kept_table_can_be_asked_though_its_file_is_gone(workspace: Workspace, tmp_path: Path) -> None:
    file = table(tmp_path)
    kept = keep_test_table(workspace, file, "Sample questions")
    file.unlink()
    assert (kept.name, kept.questions) == ("Sample questions", 2)
    assert kept_tables(workspace) == [kept]
    asked = read_questions(workspace, Evaluate(source=kept.source, name=kept.name))
    assert [question.asked for question in asked] == ["When?", "Who?"]


def test_the_newest_table_comes_first_and_the_same_is_kept_once(workspace: Workspace, tmp_path: Path) -> None:
    clock = Clock()
    timed = Workspace(workspace.settings, workspace.database, clock)
    first = keep_test_table(timed, table(tmp_path))
    clock.now += 60
    second = keep_test_table(timed, table(tmp_path, "question,answer\nWhere?,Here\n"))
    clock.now += 60
    again = keep_test_table(timed, table(tmp_path))
    assert again == first
    assert (first.name, second.name) == ("test.csv", "test.csv")
    assert kept_tables(timed) == [second, first]


def test_a_table_that_can_not_be_asked_is_not_kept(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UnusableRows, match=r"No row of test\.csv holds a question"):
        keep_test_table(workspace, table(tmp_path, "question,answer\nWhy?,\n"))
    with pytest.raises(UnreadableFile, match=r"no file .*gone\.csv"):
        keep_test_table(workspace, tmp_path / "gone.csv")
    assert kept_tables(workspace) == []
    assert list(workspace.folder("uploads").iterdir()) == []


def test_a_table_whose_upload_is_gone_is_not_offered(workspace: Workspace, tmp_path: Path) -> None:
    kept = keep_test_table(workspace, table(tmp_path))
    (workspace.home / kept.source).unlink()
    assert kept_tables(workspace) == []
