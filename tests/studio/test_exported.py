"""Comparisons as files: everything that is kept of them, or, while their names are hidden, their words alone."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from jobs.answering.compare import Comparing
from jobs.answering.picking import picked
from jobs.answering.voting import vote
from jobs.models.door import Chat
from jobs.requests import Choices
from storage.records import Column, Comparison
from storage.settings import Settings
from storage.workspace import Workspace
from studio.cli import main
from studio.exported import Form, encoded, many, one, told
from studio.views.taking import ROW
from tests.documents import put_documents
from tests.fakes import ScriptedModel
from tests.studio.mounted import mounted

ANSWER = "An e-bike comes back within 14 days of delivery."


def says(chat: Chat) -> str:
    return ANSWER if "Text:" in chat.messages[-1]["content"] else "=SUM(1) <b>maybe</b>"


def asked(workspace: Workspace, question: str = "When does an e-bike come back?", *, blind: bool = False) -> Comparison:
    comparing = Comparing(workspace, ScriptedModel(says))
    columns = picked(["base", "documents", "tuned"], Choices(instruction="Be short.", wording="free"), workspace)
    comparison = comparing.ask(question, columns, blind=blind)
    assert comparing.wait(20)
    return comparison


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    put_documents(workspace, {"returns.md": f"# Returns\n\n{ANSWER}"})
    return workspace


def as_file(workspace: Workspace, comparisons: list[Comparison], form: Form) -> str:
    return b"".join(encoded(many(workspace, comparisons, form), form)).decode("utf-8-sig")


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_one_document_holds_the_evidence_of_every_answer(filled: Workspace) -> None:
    comparison = asked(filled)
    vote(filled.comparisons, comparison.id, "documents")
    document = json.loads("".join(one(filled, comparison, "json")))
    assert (document["question"], document["vote"]) == (comparison.question, {"for": "documents", "blind": False})
    base, documents, tuned = document["columns"]
    assert (base["name"], base["answer"], base["instruction"]) == ("Base", "=SUM(1) <b>maybe</b>", "Be short.")
    assert documents["passages"][0]["document"] == "returns.md"
    assert documents["provenance"]["base_sha256"] == "0" * 64
    assert (tuned["state"], tuned["error"]) == ("missing", "There is not yet a model trained on your examples.")


def test_a_table_has_a_row_for_each_column_and_no_formula(filled: Workspace) -> None:
    comparisons = [asked(filled), asked(filled, "And a bike?")]
    vote(filled.comparisons, comparisons[0].id, "base")
    rows = table(as_file(filled, comparisons, "csv"))
    assert tuple(rows[0]) == ROW
    assert [row["column"] for row in rows] == ["Base", "Documents", "Tuned"] * 2
    assert rows[0]["answer"] == "'=SUM(1) <b>maybe</b>"
    assert [row["chosen"] for row in rows] == ["chosen", "", "", "", "", ""]
    assert (rows[1]["sources"], rows[2]["state"]) == ("returns.md", "missing")


def test_markdown_shows_what_was_said_and_nothing_of_it_as_markup(filled: Workspace) -> None:
    comparison = asked(filled)
    vote(filled.comparisons, comparison.id, "documents")
    text = as_file(filled, [comparison, comparison], "md")
    assert text.count("# When does an e-bike come back?") == 2
    assert "Chosen: Documents." in text
    assert "## ○ Base\n\n\\=SUM(1) &lt;b&gt;maybe&lt;/b&gt;" in text
    assert f"{ANSWER} [1]\n\nSources: \\[1\\] returns.md" in text
    assert json.loads(as_file(filled, [comparison] * 3, "json"))[2]["id"] == comparison.id
    assert json.loads(as_file(filled, [], "json")) == []


def test_an_answer_that_broke_off_is_told_as_such(workspace: Workspace) -> None:
    half = workspace.comparisons.start("When?", [Column("base", "base")], owner="a process that is gone")
    workspace.comparisons.append(half.id, "base", 1, "delta", {"type": "delta", "text": "Within"})
    Comparing(workspace, ScriptedModel())
    text = as_file(workspace, [half], "md")
    assert "Within\n\nNot the whole answer. The studio was ended in the middle of this answer." in text


def test_hidden_names_are_in_no_file_until_the_vote(filled: Workspace) -> None:
    comparison = asked(filled, blind=True)
    for form in ("md", "csv", "json"):
        text = as_file(filled, [comparison], form)
        assert "Answer A" in text
        assert ANSWER in text
        assert not [word for word in ("Documents", "returns.md", "trained", "[1]", "0000") if word in text], form
    for row in table(as_file(filled, [comparison], "csv")):
        assert (row["column"][:7], row["way"], row["model"], row["tokens"]) == ("Answer ", "", "", "")
    vote(filled.comparisons, comparison.id, "tie")
    assert told(filled, filled.comparisons.get(comparison.id)).voted_blind
    known = as_file(filled, [comparison], "md")
    assert "Chosen: a tie, with the names hidden." in known
    assert ": ■ Documents" in known


def test_comparisons_are_downloaded_alone_or_as_they_were_found(filled: Workspace) -> None:
    first, second = asked(filled), asked(filled, "Größe XL?")
    with mounted(filled) as client:
        alone = client.get(f"/downloads/comparisons/{first.id}.md")
        assert alone.headers["content-disposition"] == f'attachment; filename="comparison-{first.id[:8]}.md"'
        assert alone.text.startswith("# When does an e-bike come back?")
        found = client.get("/downloads/comparisons.json", params={"q": "GRÖSSE"}).json()
        assert [document["id"] for document in found] == [second.id]
        assert len(client.get("/downloads/comparisons.json").json()) == 2
        assert client.get("/downloads/comparisons.csv").content.startswith("\ufeff".encode())
        assert client.get("/downloads/comparisons.exe").status_code == 422
        assert client.get(f"/downloads/comparisons/{'0' * 8}-0000-4000-8000-{'0' * 12}.md").status_code == 404


def command(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--json"])
    return int(ended.value.code or 0), json.loads(capsys.readouterr().out)


def test_the_command_line_writes_them_too(
    settings: Settings, filled: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    comparison = asked(filled)
    vote(filled.comparisons, comparison.id, "documents")
    target = tmp_path / "all.md"
    assert command(capsys, "export", "comparisons", str(target)) == (0, {"file": str(target), "comparisons": 1})
    assert target.read_text().startswith("# When does")
    for wrong in (str(target), str(tmp_path / "all.pdf"), str(tmp_path / "nowhere" / "all.csv")):
        code, said = command(capsys, "export", "comparisons", wrong)
        assert (code, set(said)) == (1, {"error"})
    pairs = tmp_path / "pairs.jsonl"
    assert command(capsys, "export", "preferences", str(pairs))[1]["pairs"] == 1
    assert json.loads(pairs.read_text())["rejected_column"] == "base"
