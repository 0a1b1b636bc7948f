import csv
import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from jobs.queue import Queue
from jobs.requests import Evaluate, Train
from storage.comparisons import Preferred
from storage.exports import kept_folder
from storage.files import MANIFEST, publish, sha256_of
from storage.marks import Mark
from storage.records import Adapter, Column, Json, Scorecard
from storage.workspace import Workspace
from studio.downloads import answers_csv
from tests.claimed import claimed_context
from tests.jobs.test_evaluation_asked import keep
from tests.studio.mounted import mounted


@pytest.fixture
def client(workspace: Workspace) -> Iterator[TestClient]:
    with mounted(workspace) as opened:
        yield opened


def an_adapter(workspace: Workspace) -> Adapter:
    """Publish two files as an adapter, with its row."""
    job = claimed_context(workspace, Train(dataset_id="d")).job
    temporary = workspace.folder("adapters") / ".tmp"
    temporary.mkdir()
    (temporary / "adapter_config.json").write_text("{}")
    (temporary / "adapter_model.safetensors").write_bytes(b"weights")
    target = workspace.folder("adapters") / f"{job.adapter_id}-f{job.fence}"
    manifest = publish(temporary, target, adapter_id=job.adapter_id)
    made = Adapter(
        id=str(job.adapter_id), job_id=job.id, name="returns", base_id="starter", base_sha256="0" * 64,
        adapter_sha256=sha256_of(target / "adapter_model.safetensors"), dataset_id="d",
        path=f"adapters/{target.name}", manifest_sha256=manifest, created_at=1.0,
    )  # fmt: skip
    assert Queue(workspace.database, workspace.clock).finish(job, result={}, adapter=made)
    return made


def a_scorecard(workspace: Workspace, *rows: dict[str, object], ways: tuple[Json, ...] = ()) -> Scorecard:
    """Keep scored answers with their row."""
    job = claimed_context(workspace, Evaluate(source="d")).job
    file = workspace.folder("scores") / "answers.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    card = Scorecard(str(uuid.uuid4()), job.id, "d", ways, "scores/answers.jsonl", 1.0)
    assert Queue(workspace.database, workspace.clock).finish(job, result={}, scorecard=card)
    return card


def test_a_whole_model_is_one_zip_of_what_was_written(client: TestClient, workspace: Workspace):
    adapter = an_adapter(workspace)
    address = f"/downloads/models/{adapter.id}-gguf.zip"
    missing = client.get(address)
    assert missing.status_code == 404
    assert "Train page" in missing.text
    folder = kept_folder(workspace.home, adapter.id, "gguf")
    folder.mkdir(parents=True)
    weights = bytes(range(256)) * 8192 + b"end"  # more than is read at once
    (folder / "model.gguf").write_bytes(weights)
    (folder / "Modelfile").write_text("FROM ./model.gguf")
    given = client.get(address)
    assert given.headers["content-disposition"] == f'attachment; filename="model-{adapter.id[:8]}-gguf.zip"'
    with zipfile.ZipFile(io.BytesIO(given.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["Modelfile", "model.gguf"]
        assert archive.read("model.gguf") == weights


def test_a_form_that_there_is_not_is_no_file(client: TestClient, workspace: Workspace):
    adapter = an_adapter(workspace)
    assert client.get(f"/downloads/models/{adapter.id}-adapter.zip").status_code == 422
    assert client.get(f"/downloads/models/{adapter.id}-..%2f..zip").status_code in {404, 422}


def test_an_adapter_is_one_zip_of_its_checked_files(client: TestClient, workspace: Workspace):
    adapter = an_adapter(workspace)
    answer = client.get(f"/downloads/adapters/{adapter.id}.zip")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert sorted(archive.namelist()) == [MANIFEST, "adapter_config.json", "adapter_model.safetensors"]
        assert archive.read("adapter_model.safetensors") == b"weights"


def test_a_damaged_adapter_is_not_handed_out(client: TestClient, workspace: Workspace):
    adapter = an_adapter(workspace)
    (workspace.home / adapter.path / "adapter_model.safetensors").write_bytes(b"weighty")
    answer = client.get(f"/downloads/adapters/{adapter.id}.zip")
    assert answer.status_code == 503
    assert "is not what was saved" in answer.json()["error"]


def test_a_deleted_adapter_is_not_handed_out_until_it_comes_back(client: TestClient, workspace: Workspace):
    adapter = an_adapter(workspace)
    workspace.adapters.delete(adapter.id)
    answer = client.get(f"/downloads/adapters/{adapter.id}.zip")
    assert answer.status_code == 404
    assert "was deleted" in answer.json()["error"]
    workspace.adapters.restore(adapter.id)
    assert client.get(f"/downloads/adapters/{adapter.id}.zip").status_code == 200


@pytest.mark.parametrize("kind", ["adapters/{}.zip", "answers/{}.csv", "answers/{}.jsonl", "scores/{}.json"])
def test_what_is_not_kept_here_is_not_found(client: TestClient, kind: str):
    assert client.get("/downloads/" + kind.format(uuid.uuid4())).status_code == 404
    for name in ("..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "1", "a" * 36, "%00"):
        assert client.get("/downloads/" + kind.format(name)).status_code in {404, 422}


def test_answers_come_as_kept_and_as_a_table_without_formulas(client: TestClient, workspace: Workspace):
    card = a_scorecard(workspace, {"question": "=cmd()", "n": -5, "passages": [1]}, {"question": "Größe?", "more": "x"})
    kept = client.get(f"/downloads/answers/{card.id}.jsonl")
    assert kept.content == (workspace.home / card.answers_file).read_bytes()
    table = client.get(f"/downloads/answers/{card.id}.csv")
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert rows == [["question", "n", "passages", "more"], ["'=cmd()", "-5", "[1]", ""], ["Größe?", "", "", "x"]]


def test_a_whole_score_is_one_document(client: TestClient, workspace: Workspace):
    card = a_scorecard(workspace, {"question": "Größe?", "right": True}, {"question": "When?", "right": False})
    answer = client.get(f"/downloads/scores/{card.id}.json")
    assert "attachment" in answer.headers["content-disposition"]
    told = answer.json()
    assert (told["id"], told["source"], told["ways"]) == (card.id, "d", [])
    assert told["answers"] == [{"question": "Größe?", "right": True}, {"question": "When?", "right": False}]
    assert "answers_file" not in told
    (workspace.home / card.answers_file).unlink()
    assert client.get(f"/downloads/scores/{card.id}.json").status_code == 503


def test_what_a_person_overruled_goes_along_with_its_reason(client: TestClient, workspace: Workspace):
    way = {"way": "base", "column_id": "base", "n": 1, "right": 0.0}
    given = {"row": 1, "column_id": "base", "kind": "", "question": "When?", "answer": "In two weeks."}
    judged = {"right": False, "yardstick": "facts", "reason": "no 14"}
    card = a_scorecard(workspace, {**given, **judged}, ways=(way,))
    workspace.marks.put(card.id, [("base", 1)], Mark("right", "two weeks are 14 days"))
    (line,) = csv.DictReader(io.StringIO(client.get(f"/downloads/answers/{card.id}.csv").content.decode("utf-8-sig")))
    assert (line["right"], line["yardstick"], line["reason"]) == ("True", "marked", "two weeks are 14 days")
    assert json.loads(line["judged"]) == judged
    told = client.get(f"/downloads/scores/{card.id}.json").json()
    assert told["ways"][0]["right"] == 1.0
    assert (told["answers"][0]["reason"], told["answers"][0]["judged"]) == ("two weeks are 14 days", judged)
    (kept,) = client.get(f"/downloads/answers/{card.id}.jsonl").text.splitlines()
    assert json.loads(kept)["right"] is False, "what the scoring wrote stays as it was"


def test_the_picture_of_a_score_is_drawn_from_its_row(client: TestClient, workspace: Workspace):
    row = {"way": "base", "column_id": "base", "n": 40, "right": 0.5, "right_low": 0.4, "right_high": 0.6}
    card = a_scorecard(workspace, ways=(row,))
    answer = client.get(f"/charts/scores/{card.id}.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "20 of 40" in answer.text
    assert client.get(f"/charts/scores/{uuid.uuid4()}.svg").status_code == 404


def test_preferences_are_lines_of_a_chosen_and_a_rejected_answer(client: TestClient, workspace: Workspace):
    made = workspace.comparisons.start("Why ü?", [Column("base", "base"), Column("tuned", "tuned")], blind=True)
    workspace.comparisons.vote(made.id, "base", [Preferred("tuned", "Because.", "No idea.")])
    answer = client.get("/downloads/preferences.jsonl")
    (line,) = answer.text.splitlines()
    assert json.loads(line) == {
        "prompt": "Why ü?", "chosen": "Because.", "rejected": "No idea.", "chosen_column": "base",
        "rejected_column": "tuned", "comparison": made.id, "goes_on_from": None, "blind": True,
        "at": json.loads(line)["at"],
    }  # fmt: skip


def test_a_table_of_nothing_is_empty():
    assert answers_csv([]).strip() == ""


def test_the_picture_of_a_run_is_drawn_from_its_records(client: TestClient, workspace: Workspace, tmp_path: Path):
    context = claimed_context(workspace, Train(dataset_id="d"))
    context.record("loss", 1, {"loss": 2.5})
    context.record("loss", 2, {"loss": 1.5, "eval_loss": 2.0})
    context.close()
    answer = client.get(f"/charts/run/{context.job.id}.svg?rev=2")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<svg")
    assert client.get("/charts/run/..%2f..%2fx.svg").status_code in {404, 422}


def test_test_questions_are_taken_away_as_a_table_but_not_before_sealed_ones_were_scored(
    client: TestClient, workspace: Workspace, tmp_path: Path
) -> None:
    free, sealed = keep(workspace, tmp_path), keep(workspace, tmp_path, "Now", "Sealed", sealed=True)
    assert client.get(f"/downloads/questions/{free.id}.csv").text == '\ufeff"question","answer"\r\n"When?","Today"\r\n'
    refused = client.get(f"/downloads/questions/{sealed.id}.csv")
    assert refused.status_code == 400
    assert "not scored yet" in refused.json()["error"]


def test_a_sound_is_served_by_its_name_and_nothing_else_is(client: TestClient, workspace: Workspace):
    name = "0f" * 32
    file = workspace.folder("audio") / f"{name}.wav"
    file.write_bytes(b"RIFF")
    (workspace.folder("audio") / "secret.wav").write_bytes(b"no")
    given = client.get(f"/downloads/audio/{name}.wav")
    assert (given.status_code, given.content, given.headers["content-type"]) == (200, b"RIFF", "audio/wav")
    assert "no-store" in given.headers["cache-control"]
    for other in ("secret", f"{name}x", "..%2f..%2ftriptych", "%2e%2e/secret", "1e" * 32):
        assert client.get(f"/downloads/audio/{other}.wav").status_code in {404, 422}, other
