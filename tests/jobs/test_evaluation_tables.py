"""A table of test questions is checked, kept as a version of its name, once, and offered again."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.evaluation.questions import read_questions, set_rows
from jobs.evaluation.tables import keep_rows, keep_test_table
from jobs.requests import Evaluate
from storage.errors import NotFound, UnreadableFile, UnusableRows
from storage.files import sha256_of
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
    assert workspace.question_sets.list() == [kept]
    asked = read_questions(workspace, Evaluate(source=kept.id))
    assert [question.asked for question in asked] == ["When?", "Who?"]


def test_other_bytes_are_the_next_version_and_the_same_are_kept_once(workspace: Workspace, tmp_path: Path) -> None:
    clock = Clock()
    timed = Workspace(workspace.settings, workspace.database, clock)
    first = keep_test_table(timed, table(tmp_path))
    clock.now += 60
    second = keep_test_table(timed, table(tmp_path, "question,answer\nWhere?,Here\n"))
    clock.now += 60
    again = keep_test_table(timed, table(tmp_path))
    assert again == first
    assert [(one.name, one.version) for one in (first, second)] == [("test.csv", 1), ("test.csv", 2)]
    assert timed.question_sets.list() == [second, first]
    assert timed.question_sets.get("test.csv") == second
    assert len(list(workspace.folder("uploads").iterdir())) == 2
    assert keep_test_table(timed, table(tmp_path), "Other").version == 1


def test_what_is_sealed_stays_sealed_in_later_versions(workspace: Workspace, tmp_path: Path) -> None:
    first = keep_test_table(workspace, table(tmp_path))
    assert not first.sealed
    sealed = keep_test_table(workspace, table(tmp_path), sealed=True)
    assert sealed == replace(first, sealed=True)
    assert workspace.question_sets.get(first.id).sealed
    assert keep_test_table(workspace, table(tmp_path, "question,answer\nWhere?,Here\n")).sealed
    assert not keep_test_table(workspace, table(tmp_path), "Other").sealed


def test_rows_come_back_letter_by_letter_with_the_columns_of_ones_own(workspace: Workspace, tmp_path: Path) -> None:
    text = 'Question,Answer,Remark\n"Where; when?","=1+1 |\nhere, ""now""",Way\nWho?,,\n'
    first = keep_test_table(workspace, table(tmp_path, text))
    rows = list(set_rows(workspace, first))
    assert rows[0] == {"question": "Where; when?", "answer": '=1+1 |\nhere, "now"', "Remark": "Way"}
    second = keep_rows(workspace, first, rows)
    assert (second.version, second.questions) == (2, 1)
    again = [{name: cell for name, cell in row.items() if cell} for row in set_rows(workspace, second)]
    assert again == [rows[0], {"question": "Who?"}]


def test_a_table_that_can_not_be_asked_is_not_kept(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UnusableRows, match=r"No row of test\.csv holds a question"):
        keep_test_table(workspace, table(tmp_path, "question,answer\nWhy?,\n"))
    with pytest.raises(UnreadableFile, match=r"no file .*gone\.csv"):
        keep_test_table(workspace, tmp_path / "gone.csv")
    assert workspace.question_sets.list() == []
    assert list(workspace.folder("uploads").iterdir()) == []


def test_a_table_whose_upload_is_gone_says_so(workspace: Workspace, tmp_path: Path) -> None:
    kept = keep_test_table(workspace, table(tmp_path))
    (workspace.home / kept.source).unlink()
    with pytest.raises(NotFound, match=r"The file of test.csv, version 1, is not here any more"):
        read_questions(workspace, Evaluate(source=kept.id))


def test_tables_that_were_noted_beside_their_upload_become_versions(workspace: Workspace, tmp_path: Path) -> None:
    for number, text in enumerate(("question,answer\nWhere?,Here\n", "question,answer\nWhen?,Now\n"), 1):
        upload = workspace.folder("uploads") / f"{number}.csv"
        upload.write_text(text)
        noted = {"id": str(number), "name": "test.csv", "source": f"uploads/{number}.csv", "questions": 1}
        noted |= {"sha256": sha256_of(upload), "created_at": 9.0 - number}
        (workspace.folder("uploads") / f"{number}.csv.questions.json").write_text(json.dumps(noted))
    (workspace.folder("uploads") / "3.csv.questions.json").write_text(json.dumps({**noted, "source": "uploads/3.csv"}))
    opened = Workspace.open(workspace.settings)
    assert [(one.version, one.source) for one in opened.question_sets.list()] == [
        (2, "uploads/1.csv"),
        (1, "uploads/2.csv"),
    ]
    assert {path.name for path in workspace.folder("uploads").iterdir()} == {"1.csv", "2.csv"}
    opened.close()
