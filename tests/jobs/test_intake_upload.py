"""An uploaded file becomes a kept version, with the file beside it; after a fault nothing is left."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from jobs.intake.upload import add_dataset
from storage.errors import TriptychError
from storage.workspace import Workspace
from tests.workbooks import excel

ROWS = "".join(f"How much is number {number}?;It is {number} euros.\n" for number in range(30))


@pytest.fixture
def faq(tmp_path: Path) -> Path:
    path = tmp_path / "faq.csv"
    path.write_text(f"Frage;Antwort\n{ROWS}How much is number 3?;\n", encoding="cp1252")
    return path


def uploads(workspace: Workspace) -> list[str]:
    return [path.name for path in workspace.folder("uploads").iterdir()]


def test_an_upload_is_kept_with_its_columns_guessed(workspace: Workspace, faq: Path) -> None:
    dataset = add_dataset(workspace, faq, "faq.csv")
    assert workspace.datasets.get("faq") == dataset
    assert (dataset.version, dataset.rows, dataset.used, dataset.source) == (1, 31, 30, "faq.csv")
    assert dataset.columns == {"question": "Frage", "answer": "Antwort"}
    assert [(dropped.reason, dropped.rows) for dropped in dataset.dropped] == [("no answer", (31,))]
    assert dataset.held_out == len(workspace.datasets.examples(dataset.id, "exam"))
    assert uploads(workspace) == [f"{dataset.id}.csv"]
    assert (workspace.folder("uploads") / f"{dataset.id}.csv").read_bytes() == faq.read_bytes()


def test_it_is_told_how_a_version_came_about(workspace: Workspace, faq: Path, tmp_path: Path) -> None:
    dataset = add_dataset(workspace, faq, "faq.csv", columns={"question": "{Frage}!"})
    digest = hashlib.sha256(faq.read_bytes()).hexdigest()
    mapping = {"question": "{Frage}!", "answer": "Antwort"}
    assert dataset.origin.items() >= {"file_sha256": digest, "sheet": "", "mapping": mapping}.items()
    assert (dataset.columns, workspace.datasets.get("faq").origin) == (mapping, dataset.origin)
    assert workspace.datasets.examples(dataset.id)[0].question == "How much is number 0?!"
    sheets = {"One": [["q", "a"], ["Why?", "So."]], "Two": [["q", "a"], ["How?", "So."]]}
    (tmp_path / "faq.xlsx").write_bytes(excel(sheets))
    chosen = add_dataset(workspace, tmp_path / "faq.xlsx", "faq.xlsx", sheet="two")
    assert (chosen.version, chosen.origin["sheet"]) == (2, "Two")
    assert [row.question for row in workspace.datasets.examples(chosen.id)] == ["How?"]


def test_of_a_folder_the_rows_that_were_read_are_kept(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "my.set"
    folder.mkdir()
    (folder / "train.jsonl").write_text('{"q": "Größe?", "a": "2 m"}\n{"q": "Why?", "a": "So."}')
    dataset = add_dataset(workspace, folder, folder.name)
    assert (dataset.name, dataset.source, dataset.origin["sheet"]) == ("my.set", "my.set", "train")
    (kept,) = workspace.folder("uploads").iterdir()
    assert kept.name == f"{dataset.id}.jsonl"
    assert json.loads(kept.read_text().split("\n")[0]) == {"q": "Größe?", "a": "2 m"}
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == dataset.origin["file_sha256"]


def test_the_next_upload_of_the_name_is_the_next_version_and_keeps_the_parts(workspace: Workspace, faq: Path) -> None:
    first = add_dataset(workspace, faq, "faq.csv", name="prices")
    with faq.open("a", encoding="cp1252") as stream:
        stream.writelines(f"What of {number}?;Nothing.\n" for number in range(40))
    second = add_dataset(workspace, faq, "other.csv", name="prices", columns={"answer": "antwort"})
    assert (second.version, second.used) == (2, 70)
    before = {example.question: example.part for example in workspace.datasets.examples(first.id)}
    after = {example.question: example.part for example in workspace.datasets.examples(second.id)}
    assert {question: after[question] for question in before} == before


@pytest.mark.parametrize(
    ("data", "columns"),
    [
        (b"", {}),
        (b"\x89PNG\r\n\x1a\n", {}),
        (b"question\nHow?\nWhat?\n", {}),
        (b"question,answer\nHow?,\n", {}),
        (b"question,answer\nHow?,So\n", {"question": "Frage"}),
    ],
)
def test_after_a_fault_nothing_is_kept(
    workspace: Workspace, tmp_path: Path, data: bytes, columns: dict[str, str]
) -> None:
    (tmp_path / "bad.csv").write_bytes(data)
    with pytest.raises(TriptychError):
        add_dataset(workspace, tmp_path / "bad.csv", "bad.csv", columns=columns)
    assert workspace.datasets.list() == []
    assert uploads(workspace) == []


def test_a_fault_of_the_database_leaves_no_file_behind(workspace: Workspace, faq: Path) -> None:
    with workspace.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE examples")
    with pytest.raises(Exception, match="no such table"):
        add_dataset(workspace, faq, "faq.csv")
    assert uploads(workspace) == []


def test_the_name_is_never_a_path(workspace: Workspace, faq: Path, tmp_path: Path) -> None:
    shutil.copy(faq, tmp_path / "copy")
    dataset = add_dataset(workspace, tmp_path / "copy", "../../etc/passwd.csv")
    assert (dataset.name, dataset.source) == ("passwd", "passwd.csv")


def test_200_000_rows_are_kept(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("question,answer\n" + "".join(f"What is number {n}?,It is {n}.\n" for n in range(200_000)))
    dataset = add_dataset(workspace, path, "many.csv")
    assert (dataset.rows, dataset.used) == (200_000, 200_000)
    assert dataset.held_out == pytest.approx(40_000, rel=0.03)


@pytest.mark.shared_data
def test_a_real_faq_is_kept_whole(workspace: Workspace, shared_data: Path) -> None:
    dataset = add_dataset(workspace, shared_data / "cs-contoso-outdoor" / "faq.csv", "faq.csv")
    assert (dataset.rows, dataset.used, dataset.dropped) == (89, 89, ())
    assert 8 <= dataset.held_out <= 28
