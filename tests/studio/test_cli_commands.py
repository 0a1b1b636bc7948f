import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jobs.queue import Queue
from jobs.requests import Evaluate, Train
from storage.settings import Settings
from storage.workspace import Workspace
from studio.cli import main
from studio.commands.options import Asked
from tests.conftest import PROJECT
from tests.shop import sqlite_shop

FAQ = "question,answer\n" + "".join(f"Is number {n} odd?,{'Yes' if n % 2 else 'No'} indeed\n" for n in range(30))
ORDERS = "order,state\n1001,sent\n1002,packed\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """Run a command in this process and return its exit code and what it wrote on both streams."""

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        written = capsys.readouterr()
        code = ended.value.code
        return code if isinstance(code, int) else 0, written.out, written.err

    return call


def document(ended: tuple[int, str, str]) -> dict[str, Any]:
    """Return the one JSON document on the output of a command that went well."""
    code, out, err = ended
    assert code == 0, err
    return json.loads(out)


@pytest.fixture
def faq(tmp_path: Path) -> str:
    file = tmp_path / "faq.csv"
    file.write_text(FAQ)
    return str(file)


def test_a_file_becomes_a_dataset_and_each_further_one_a_version(run, faq: str):
    first = document(run("dataset", "add", faq, "--json"))
    assert set(first) == {
        "id", "name", "version", "rows", "used", "dropped", "held_out", "question", "answer",
    }  # fmt: skip
    assert (first["name"], first["version"], first["rows"], first["used"]) == ("faq", 1, 30, 30)
    assert (first["question"], first["answer"]) == ("question", "answer")
    assert document(run("dataset", "add", faq, "--json"))["version"] == 2
    assert document(run("dataset", "add", faq, "--name", "odd", "--hold-out", "0", "--json"))["held_out"] == 0


def test_more_rows_than_can_be_looked_up_are_kept_all_the_same(run, tmp_path: Path):
    file = tmp_path / "many.csv"
    file.write_text("question,answer\n" + "".join(f"Is number {n} odd?,Perhaps\n" for n in range(20_001)))
    code, _, err = run("dataset", "add", str(file), "--hold-out", "0", "--look-up")
    assert code == 1
    assert "20,001 rows are too many to be looked up" in err
    assert "They are kept all the same" in err
    assert document(run("jobs", "--json")) == {"jobs": []}
    assert document(run("dataset", "add", str(file), "--json"))["version"] == 2


def test_columns_can_be_named(run, faq: str):
    swapped = document(run("dataset", "add", faq, "--question", "answer", "--answer", "question", "--json"))
    assert (swapped["question"], swapped["answer"]) == ("answer", "question")


@pytest.mark.parametrize(
    ("content", "arguments", "says"),
    [
        (b"", (), "empty"),
        (b"question\nonly one\n", (), "column"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), (), ""),
        (FAQ.encode(), ("--question", "nonsense"), "nonsense"),
    ],
)
def test_a_file_that_can_not_be_used_is_told_in_words_with_exit_code_1(
    run, tmp_path: Path, content: bytes, arguments: tuple[str, ...], says: str
):
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    code, out, err = run("dataset", "add", str(file), *arguments, "--json")
    assert code == 1
    assert says in json.loads(out)["error"]["text"]
    assert json.loads(out)["error"]["next_step"]
    assert "Traceback" not in err
    assert document(run("jobs", "--json")) == {"jobs": []}


def test_what_is_not_there_is_told_with_exit_code_1(run):
    for arguments in (
        ("dataset", "add", "nowhere.csv"),
        ("train", "nothing"),
        ("cancel", "nothing"),
        ("evaluate", "nothing"),
        ("ask", "Hello?", "--adapter", "nothing"),
        ("ask", "Hello?", "--documents", "nothing"),
        ("ask", "Hello?", "--way", "nothing"),
        ("export", "adapter", "nothing", "here"),
        ("table", "add", "orders", "nowhere.csv", "--key", "order"),
        ("database", "add", "shop", "nowhere.sqlite"),
        ("documents", "add", "manuals", "http://127.0.0.1/page"),
        ("service", "add", "w", "http://127.0.0.1/{a}", "--description", "It.", "--example", "Is it in Bonn?"),
        ("restore", "nowhere.tar"),
    ):
        code, out, err = run(*arguments)
        assert (code, out) == (1, ""), arguments
        assert len(err.strip().splitlines()) == 2, err


def test_wrong_usage_has_exit_code_2(run, faq: str):
    for arguments in (
        ("train",),
        ("dataset", "add"),
        ("nonsense",),
        ("train", "x", "--preset", "hasty"),
        ("documents", "add", "manuals", faq, "--passages", "tiny"),
        ("dataset", "add", faq, "--hold-out", "2"),
        ("table", "add", "orders", faq),
    ):
        assert run(*arguments)[0] == 2, arguments


def test_train_without_wait_puts_a_job_in_line_and_cancel_takes_it_out(run, faq: str, settings: Settings):
    dataset = document(run("dataset", "add", faq, "--json"))
    job = document(run("train", "faq", "--preset", "thorough", "--json"))
    assert set(job) == {"id", "kind", "state", "phase", "adapter_id", "failure"}
    assert (job["kind"], job["state"], job["failure"]) == ("train", "queued", None)
    assert job["adapter_id"]
    assert document(run("train", "faq", "--json"))["id"] != job["id"], "each call is a wish of its own"
    assert [one["state"] for one in document(run("jobs", "--json"))["jobs"]] == ["queued", "queued"]
    assert document(run("cancel", job["id"], "--json"))["state"] == "cancelled"
    workspace = Workspace.open(settings)
    kept = Train.model_validate(_spec(workspace, job["id"]))
    workspace.close()
    assert (kept.dataset_id, kept.preset, kept.name) == (dataset["id"], "thorough", "faq, version 1")


@pytest.mark.parametrize(("rows", "preset"), [(60, "quick"), (400, "normal")])
def test_without_a_preset_that_of_so_many_examples_is_taken(
    run, tmp_path: Path, settings: Settings, rows: int, preset: str
):
    file = tmp_path / "many.csv"
    lines = (f"What is {row} and {row}?,It is {2 * row} of all {row} things." for row in range(rows))
    file.write_text("\n".join(("question,answer", *lines)) + "\n")
    run("dataset", "add", str(file))
    job = document(run("train", "many", "--json"))
    workspace = Workspace.open(settings)
    kept = Train.model_validate(_spec(workspace, job["id"]))
    workspace.close()
    assert kept.preset == preset


def test_every_knob_of_a_training_is_an_option(run, faq: str, settings: Settings):
    run("dataset", "add", faq)
    knobs = ["--epochs", "2.5", "--learning-rate", "0.0005", "--rank", "4", "--batch-size", "2", "--seed", "7"]
    job = document(run("train", "faq", "--name", "mine", *knobs, "--max-length", "128", "--json"))
    workspace = Workspace.open(settings)
    kept = Train.model_validate(_spec(workspace, job["id"]))
    workspace.close()
    assert (kept.name, kept.epochs, kept.learning_rate, kept.rank) == ("mine", 2.5, 0.0005, 4)
    assert (kept.batch_size, kept.max_length, kept.seed) == (2, 128, 7)
    code, _, said = run("train", "faq", "--rank", "1000")
    assert code == 1
    assert "Room for what it learns" in said


def _spec(workspace: Workspace, job_id: str) -> dict[str, Any]:
    return Queue(workspace.database, workspace.clock).get(job_id).spec


def test_fewer_than_ten_rows_are_kept_but_not_trained(run, tmp_path: Path):
    file = tmp_path / "few.csv"
    file.write_text("question,answer\n" + "".join(f"What is {n}?,a number {n}\n" for n in range(3)))
    assert document(run("dataset", "add", str(file), "--json"))["used"] == 3
    code, _, err = run("train", "few")
    assert code == 1
    assert "10" in err
    assert document(run("jobs", "--json")) == {"jobs": []}


def test_a_table_becomes_a_tool(run, tmp_path: Path):
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS)
    made = document(run("table", "add", "orders", str(file), "--key", "order", "--json"))
    assert (made["name"], made["rows"], made["key"]) == ("look_up_orders", 2, "order")
    assert run("table", "add", "orders", str(file), "--key", "nonsense")[0] == 1


def test_a_database_becomes_a_tool(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file, words = sqlite_shop(tmp_path), tmp_path / "words.txt"
    words.write_text("revenue = purchase.total")
    asked = ("database", "add", "shop", str(file), "--tick", "purchase", "--words", str(words))
    made = document(run(*asked, "--in-place", "--json"))
    assert (made["name"], made["where"], made["words"]) == ("ask_shop", "shop.sqlite", ["revenue"])
    assert {column.split(".")[0] for column in made["columns"]} == {"purchase"}
    assert "tables of shop.sqlite may be read" in run("database", "add", "all", str(file))[1]
    secret = "postgresql://reader:hunter2@127.0.0.1:9/shop"
    code, out, err = run("database", "add", "shop", secret)
    assert (code, out, "hunter2" in err) == (1, "", False)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{secret}\n"))
    code, out, err = run("database", "add", "shop", "-")
    assert (code, out, err.splitlines()[0]) == (1, "", "The database does not answer.")
    assert "hunter2" not in err


def test_a_fresh_home_is_sound_with_nothing_running(run):
    told = document(run("doctor", "--json"))
    assert told["ok"] is True
    assert {
        "database",
        "migrations",
        "jobs",
        "adapters",
        "checkpoints",
        "models",
        "disk",
        "worker",
        "model server",
    } == {check["name"] for check in told["checks"]}


def test_a_backup_is_restored_into_another_home(run, faq: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    document(run("dataset", "add", faq, "--json"))
    backup = document(run("backup", str(tmp_path / "all.tar"), "--json"))
    assert backup["bytes"] == (tmp_path / "all.tar").stat().st_size
    assert run("restore", str(tmp_path / "all.tar"))[0] == 1
    monkeypatch.setenv("TRIPTYCH_HOME", str(tmp_path / "second"))
    assert document(run("restore", str(tmp_path / "all.tar"), "--json"))["home"] == str(tmp_path / "second")
    assert document(run("dataset", "add", faq, "--json"))["version"] == 2


def test_a_model_server_at_an_address_needs_a_token(run):
    code, _, err = run("serve", "--port", "8000")
    assert code == 1
    assert "TRIPTYCH_MODEL_TOKEN" in err


def test_a_model_server_fetches_what_lacks_before_it_serves(tmp_path: Path):
    # What the others know it by is no reason not to; and there is nothing to fetch from.
    there = {"TRIPTYCH_MODELS": str(tmp_path / "models"), "TRIPTYCH_MODEL_URL": "http://model:8000"}
    nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "studio", "serve"],
        cwd=PROJECT, env={**os.environ, **there, **nowhere}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "could not be downloaded" in done.stderr
    assert "The models could not be fetched." in done.stderr


def test_up_refuses_what_is_unsafe_or_in_the_way(run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TRIPTYCH_HOST", "0.0.0.0")
    code, _, err = run("up")
    assert code == 1
    assert "TRIPTYCH_PASSWORD" in err


def test_the_help_names_every_command(run):
    out = run("--help")[1]
    for name in ("up", "dataset", "train", "jobs", "documents", "table", "ask", "evaluate", "backup", "doctor"):
        assert f" {name} " in out


def test_test_questions_are_kept_listed_sealed_and_taken_away(run, tmp_path: Path):
    file, target = tmp_path / "exam.csv", tmp_path / "out.csv"
    file.write_text("question,answer,remark\nWhen?,=Today,mine\n")
    kept = document(run("questions", "add", str(file), "--name", "Exam", "--json"))
    assert {name: kept[name] for name in ("name", "version", "questions", "sealed", "scored")} == {
        "name": "Exam", "version": 1, "questions": 1, "sealed": False, "scored": 0,
    }  # fmt: skip
    assert document(run("questions", "list", "--json")) == {"questions": [kept]}
    assert document(run("questions", "export", "Exam", str(target), "--json"))["file"] == str(target)
    assert target.read_text("utf-8-sig").splitlines() == ['"question","answer","remark"', '"When?","\'=Today","mine"']
    assert document(run("questions", "add", str(file), "--name", "Exam", "--sealed", "--json"))["sealed"]
    code, _, err = run("questions", "export", "Exam", str(tmp_path / "more.csv"))
    assert (code, "is sealed and was not scored yet" in err) == (1, True)
    assert not (tmp_path / "more.csv").exists()


def test_sealed_questions_are_scored_again_only_after_a_yes(run, tmp_path: Path, settings: Settings):
    file = tmp_path / "exam.csv"
    file.write_text("question,answer\nWhen?,Today\n")
    kept = document(run("questions", "add", str(file), "--sealed", "--json"))
    workspace = Workspace.open(settings)
    Queue(workspace.database, workspace.clock).enqueue(Evaluate(source=kept["id"]), "going on")
    workspace.close()
    for source in (str(file), "exam.csv", kept["id"]):
        code, _, err = run("evaluate", source, "--way", "base")
        assert code == 1
        assert "no longer an unseen exam" in err
        assert "--again" in err
    code, _, err = run("evaluate", "exam.csv", "--sealed")
    assert (code, "Only a table that is given as a file" in err) == (1, True)


@pytest.mark.parametrize(("quote", "wording"), [(None, "auto"), (True, "quote"), (False, "free")])
def test_documents_are_quoted_or_put_in_own_words_on_a_wish(quote: bool | None, wording: str):
    assert Asked(quote=quote).choices("starter").wording == wording
