import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from jobs.drafting.sifting import UNFOUNDED
from jobs.queue import Queue
from jobs.requests import Draft
from storage.drafts import DraftPair
from storage.settings import Settings
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.documents import put_documents
from tests.fakes import ScriptedModel
from tests.jobs.test_models_client import Scripted, delta, send, streaming
from tests.studio.test_cli_commands import document, faq, run

__all__ = ["faq", "run"]


@pytest.fixture
def versions(run, faq: str, tmp_path: Path) -> list[str]:
    """Keep two versions of the examples, the second without the first three rows and with another answer."""
    first = document(run("dataset", "add", faq, "--json"))
    lines = Path(faq).read_text().splitlines()
    other = tmp_path / "later.csv"
    other.write_text("\n".join([lines[0], *lines[4:-1], "Is number 29 odd?,It is"]))
    second = document(run("dataset", "add", str(other), "--name", "faq", "--json"))
    return [first["id"], second["id"]]


def test_versions_are_listed(run, versions: list[str]):
    listed = document(run("dataset", "list", "--json"))["datasets"]
    assert [(one["id"], one["version"], one["source"]) for one in listed] == [
        (versions[1], 2, "later.csv"),
        (versions[0], 1, "faq.csv"),
    ]
    assert listed[0].keys() >= {"name", "rows", "used", "held_out", "dropped", "origin"}
    code, out, _ = run("dataset", "list")
    assert code == 0
    assert f"{versions[1]}  faq, version 2: 27 rows" in out


def test_a_home_without_examples_says_so(run):
    assert document(run("dataset", "list", "--json")) == {"datasets": []}
    assert run("dataset", "list")[1] == "No examples yet.\n"


def test_versions_are_compared(run, versions: list[str]):
    told = document(run("dataset", "compare", versions[0], "faq", "--json"))
    assert (told["before"]["version"], told["after"]["version"]) == (1, 2)
    assert [row["question"] for row in told["removed"]] == [f"Is number {n} odd?" for n in range(3)]
    (changed,) = told["changed"]
    assert (changed["before"]["answer"], changed["after"]["answer"]) == ("Yes indeed", "It is")
    assert (told["added"], told["same"]) == ([], 26)
    code, out, _ = run("dataset", "compare", *versions)
    assert code == 0
    assert "0 added, 3 removed, 1 changed, 26 the same" in out
    assert "> 27: Is number 29 odd? → It is" in out
    assert run("dataset", "compare", "faq", "nothing")[0] == 1


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_version_is_written_to_a_file_once(run, versions: list[str], tmp_path: Path, ending: str):
    file = tmp_path / f"out.{ending}"
    made = document(run("dataset", "export", versions[0], str(file), "--json"))
    assert (made["id"], made["file"], made["bytes"]) == (versions[0], str(file), file.stat().st_size)
    again = document(run("dataset", "add", str(file), "--name", "again", "--json"))
    assert (again["used"], again["held_out"]) == (made["used"], made["held_out"])
    assert document(run("dataset", "compare", versions[0], "again", "--json"))["same"] == 30
    code, _, err = run("dataset", "export", versions[0], str(file))
    assert code == 1
    assert "exists already" in err
    assert run("dataset", "export", versions[0], str(tmp_path / "out.xls"))[0] == 1


def test_drafting_waits_in_line_unless_it_is_waited_for(run, settings: Settings):
    assert run("documents", "draft", "Manuals")[0] == 1, "there are no such documents"
    workspace = Workspace.open(settings)
    put_documents(workspace, {"a.md": "# A\n\nSo it is."})
    job = document(run("documents", "draft", "Manuals", "--most", "7", "--document", "a.md", "--json"))
    assert (job["kind"], job["state"]) == ("draft", "queued")
    spec = Queue(workspace.database, workspace.clock).get(job["id"]).spec
    assert Draft.model_validate(spec) == Draft(collection="Manuals", documents=("a.md",), most=7)
    workspace.close()
    code, _, err = run("documents", "draft", "Manuals", "--most", "0")
    assert code == 1
    assert "How many" in err


def test_drafts_of_a_stronger_server_are_shown_when_they_are_there(
    run, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    workspace = Workspace.open(settings)
    put_documents(workspace, {"a.md": "# Tents\n\nThe tent weighs 4 kilograms."})
    workspace.close()
    pairs = [
        ("How heavy is the tent?", "It weighs 4 kilograms."),
        ("How heavy is a wet tent?", "It weighs 9 kilograms."),
    ]
    said = json.dumps({"pairs": [{"answer": answer, "question": question} for question, answer in pairs]})
    server = Scripted(streaming(delta(said), delta("", "stop")))
    for name, value in {"URL": f"http://127.0.0.1:{server.port}/v1", "MODEL": "big", "TOKEN": "s3cret"}.items():
        monkeypatch.setenv(f"TRIPTYCH_DRAFT_{name}", value)
    told = document(run("documents", "draft", "Manuals", "--most", "3", "--wait", "--json"))
    server.stop()
    assert (told["state"], told["asked"], told["drafted"], told["unusable"]) == ("succeeded", 1, 1, {UNFOUNDED: 1})
    (draft,) = told["drafts"]
    assert draft.keys() == {"id", "document", "start", "end", "question", "answer", "state"}
    assert (draft["document"], draft["question"], draft["answer"], draft["state"]) == ("a.md", *pairs[0], "new")
    ((_, headers, body),) = server.requests
    assert (headers["authorization"], body["model"]) == ("Bearer s3cret", "big")
    assert "The tent weighs 4 kilograms." in body["messages"][-1]["content"]


def test_kept_drafts_become_rows_that_teach_reading(run, settings: Settings, monkeypatch: pytest.MonkeyPatch):
    workspace = Workspace.open(settings)
    texts = {f"{nr}.md": f"# Tent {nr}\n\nThe zipper of tent {nr} is made of alloy{nr}." for nr in range(12)}
    put_documents(workspace, texts)
    context = claimed_context(workspace, Draft(collection="Manuals"))
    facts = [(f"{nr}.md", f"What is tent {nr}'s zipper made of?", f"Of alloy{nr}.") for nr in range(12)]
    made = [
        DraftPair(question, context.job.id, "Manuals", name, 0, 9, texts[name], question, answer, 1.0, "kept")
        for name, question, answer in facts
    ]
    context.keep_drafts(made, 12, {})
    workspace.close()
    assert run("documents", "teach", "Other")[0] == 1
    server = Scripted(embedding)
    monkeypatch.setenv("TRIPTYCH_MODEL_URL", f"http://127.0.0.1:{server.port}/v1")
    told = document(run("documents", "teach", "Manuals", "--json"))
    assert (told["name"], told["version"], told["rows"]) == ("Reading Manuals", 1, 15)
    assert told["origin"] == {"beside": 9, "alone": 3, "without": 3, "left_out": 0, "seed": 0}
    code, out, _ = run("documents", "teach", "Manuals", "--name", "tents", "--seed", "7")
    assert code == 0
    assert "tents, version 1: 9 rows with the right passage beside another one, 3 with it alone, 3 without it" in out
    server.stop()


def test_questions_for_tools_are_drafted_read_and_become_rows(run, settings: Settings, tmp_path: Path):
    file = tmp_path / "lamps.csv"
    file.write_text("name,price\nNorth Star Lamp,12.50\nHarbour Light,20\nNorth Wind Fan,30\n")
    assert run("table", "add", "lamps", str(file), "--key", "name")[0] == 0
    assert run("tools", "teach", "--reviewed")[0] == 1, "there is nothing to teach yet"
    told = document(run("tools", "draft", "--most", "40", "--json"))
    assert (told["name"], told["version"], told["rows"]) == ("Questions for your tools", 1, len(told["questions"]))
    assert {"question", "call"} == told["questions"][0].keys()
    assert "look_up_lamps(key=" in json.dumps(told["questions"])
    code, out, _ = run("tools", "draft", "--most", "40", "--seed", "5")
    assert code == 0
    assert "Questions for your tools, version 2: " in out
    code, _, err = run("tools", "teach")
    assert code == 1
    assert "then say --reviewed" in err
    taught = document(run("tools", "teach", "--reviewed", "--name", "practice", "--json"))
    assert (taught["name"], taught["rows"]) == ("practice", taught["origin"]["choices"])
    code, out, _ = run("tools", "teach", "--reviewed")
    assert code == 0
    assert f"Using tools, version 1: {taught['rows']} rows in which a tool is chosen" in out


def embedding(handler: BaseHTTPRequestHandler, body: Any) -> None:
    asked = body["input"] if body else []  # nothing: whether anybody listens
    embedder, vectors = ScriptedModel().embed(asked)
    data = [{"object": "embedding", "index": nr, "embedding": vector} for nr, vector in enumerate(vectors)]
    send(handler, 200, json.dumps({"object": "list", "model": embedder, "data": data}).encode())
