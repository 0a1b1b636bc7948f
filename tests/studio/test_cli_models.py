"""`triptych models`: what this computer can do, fetching, and changing the base; with exit codes and JSON."""

import json
from pathlib import Path

import pytest

from jobs.models.catalogue import catalogue
from jobs.models.choosing import base_model, is_settled
from jobs.models.installed import Check
from jobs.queue import Queue
from storage.settings import Settings
from storage.workspace import Workspace
from studio.cli import main
from studio.needing import settled_base
from tests.jobs.test_models_fetch import put_in_place


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of models of this test's own."""
    monkeypatch.setenv("TRIPTYCH_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    written = capsys.readouterr()
    return int(ended.value.code or 0), written.out, written.err


def test_the_list_says_what_fits_for_scripts(models: Path, capsys: pytest.CaptureFixture[str]):
    put_in_place(models, "starter")
    code, out, err = run(capsys, "models", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert set(told) == {"machine", "base", "models"}
    assert told["machine"]["computes_on"] in {"processor", "gpu", "apple"}
    assert told["base"] == {"id": "starter", "wanted": None, "here": True, "seconds": None, "answers": 0}
    first, *others = told["models"]
    assert (first["id"], first["here"], first["answers"]) == ("starter", True, True)
    assert len(others) == len(catalogue()) - 2
    assert {"id", "licence", "languages", "download_bytes", "trains", "forecast_seconds"} < set(others[0])


def test_the_list_says_what_fits_for_people(models: Path, capsys: pytest.CaptureFixture[str]):
    code, out, _ = run(capsys, "models")
    assert code == 0
    lines = out.splitlines()
    assert "of memory" in lines[0]
    starter = next(line for line in lines if line.startswith("starter"))
    assert starter.endswith("In use")
    gated = next(line for line in lines if line.startswith("llama-3.2-1b"))
    assert gated.endswith(("After you accept its makers' terms", "Too large for this computer"))


def test_a_model_that_is_here_is_not_fetched_again(models: Path, capsys: pytest.CaptureFixture[str]):
    folder = put_in_place(models, "smollm2-360m")
    code, out, err = run(capsys, "models", "fetch", "smollm2-360m", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {"id": "smollm2-360m", "folder": str(folder), "sha256": "abc", "usable": True}


def test_a_model_that_nobody_knows_is_the_persons_fault(models: Path, capsys: pytest.CaptureFixture[str]):
    for arguments in (("models", "fetch", "gigantic"), ("models", "use", "gigantic"), ("models", "use", "starter")):
        code, out, err = run(capsys, *arguments)
        assert (code, out) == (1, ""), arguments
        assert len(err.strip().splitlines()) == 2, err


def test_using_another_model_says_what_becomes_of_the_adapters(models: Path, capsys: pytest.CaptureFixture[str]):
    put_in_place(models, "smollm2-360m")
    code, out, _ = run(capsys, "models", "use", "smollm2-360m")
    assert code == 0
    assert "SmolLM2 360M Instruct answers here from now on" in out
    assert "Adapters fit only the model that they were trained on" in out
    assert base_model(Settings()) == "smollm2-360m"
    _, out, _ = run(capsys, "models", "use", "smollm2-360m", "--json")
    assert json.loads(out) == {"id": "smollm2-360m", "before": "smollm2-360m"}


def test_a_training_teaches_the_base_of_its_home(models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    put_in_place(models, "smollm2-360m")
    put_in_place(models, "embedder")
    run(capsys, "models", "use", "smollm2-360m")
    file = tmp_path / "faq.csv"
    file.write_text("question,answer\n" + "".join(f"Is {n} odd?,It is {n % 2 == 1}\n" for n in range(30)))
    run(capsys, "dataset", "add", str(file))
    code, _, err = run(capsys, "train", "faq")
    assert code == 0, err
    workspace = Workspace.open(Settings())
    (job,) = Queue(workspace.database, workspace.clock).list()
    workspace.close()
    assert job.spec["model"] == "smollm2-360m"


def test_a_command_settles_the_base_and_leaves_it_to_a_server_that_stands_elsewhere(models: Path):
    put_in_place(models, "starter")
    put_in_place(models, "embedder")
    elsewhere = Settings(model_url="http://127.0.0.1:9")
    assert settled_base(elsewhere) == "starter"
    assert not is_settled(elsewhere)
    assert settled_base(Settings()) == "starter"
    assert is_settled(Settings())


def test_what_can_not_be_used_is_refused_with_its_reason(models: Path, capsys: pytest.CaptureFixture[str]):
    put_in_place(models, "smollm2-360m", Check(False, None, "It is odd.", 1.0))
    for arguments in (("models", "use", "smollm2-360m"), ("models", "fetch", "smollm2-360m")):
        code, out, err = run(capsys, *arguments)
        assert (code, out) == (1, ""), arguments
        assert "can't be used: It is odd." in err
    _, out, _ = run(capsys, "models")
    line = next(line for line in out.splitlines() if line.startswith("smollm2-360m"))
    assert line.endswith("Cannot be used: It is odd.")


def test_what_was_not_tried_out_is_not_used(models: Path, capsys: pytest.CaptureFixture[str]):
    put_in_place(models, "smollm2-360m", None)
    code, _, err = run(capsys, "models", "use", "smollm2-360m")
    assert code == 1
    assert "triptych models check smollm2-360m" in err
    _, out, _ = run(capsys, "models", "--json")
    told = next(model for model in json.loads(out)["models"] if model["id"] == "smollm2-360m")
    assert (told["here"], told["usable"]) == (True, False)
