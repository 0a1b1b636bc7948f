"""Models of one's own: folders and GGUF files that come in, what is refused, and where they are known afterwards."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import gguf
import pytest

from jobs.context import Cancelled
from jobs.models.bringing import bring
from jobs.models.catalogue import LocalSource
from jobs.models.checks import keep_check
from jobs.models.choosing import base_model, use_base
from jobs.models.fetch import prepare
from jobs.models.installed import Check, require
from jobs.models.own import known_model, known_models, own_models
from jobs.models.placing import Unconvertible
from jobs.models.shapes import UnsupportedModel, read_shape
from jobs.queue import Queue
from jobs.requests import Prepare
from storage.errors import Damaged, Missing, NoSpace, NotAllowed, NotFound
from storage.files import MANIFEST, read_manifest, sha256_of
from storage.settings import Settings
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.jobs.test_models_fetch import quiet
from tests.tiny import make_tiny_model


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A model as somebody has it: its files, with code and older weights beside them."""
    folder = make_tiny_model(tmp_path / "My Model")
    (folder / MANIFEST).unlink()
    for name in ("pytorch_model.bin", "modeling_mine.py", "README.md"):
        (folder / name).write_bytes(b"code that would run")
    return folder


def test_a_folder_comes_in_without_what_could_run(mine: Path, tmp_path: Path):
    steps: list[tuple[str, int, int]] = []
    made = bring(mine, tmp_path / "models", "", lambda *step: steps.append(step))
    assert (made.id, made.title, made.shape) == ("own-my-model", "My Model", read_shape(mine))
    assert made.source == LocalSource("My Model", "folder", made.source.kept_bytes)
    found = require(tmp_path / "models", made.id)
    assert found.sha256 == sha256_of(mine / "model.safetensors")
    manifest = read_manifest(found.folder)
    assert {Path(file["name"]).suffix for file in manifest["files"]} == {".json", ".jinja", ".safetensors"}
    assert steps[-1][0] == "copy"
    assert steps[-1][1] == steps[-1][2] == made.source.kept_bytes
    assert not list((tmp_path / "models").glob(".own-*")), "nothing lies beside it"


def test_two_of_one_name_are_two_models(mine: Path, tmp_path: Path):
    ids = [bring(mine, tmp_path / "models", "Same", quiet).id for _ in range(3)]
    assert ids == ["own-same", "own-same-2", "own-same-3"]
    assert [*own_models(tmp_path / "models")] == ids
    assert known_model(tmp_path / "models", "own-same-2").title == "Same"
    with pytest.raises(NotFound, match="own-other"):
        known_model(tmp_path / "models", "own-other")


def test_weights_are_counted_in_whatever_format_they_are(mine: Path):
    beside = (mine / "model.safetensors").stat().st_size - 2 * read_shape(mine).parameters
    assert 0 < beside < 4000


def change_config(folder: Path, **values: object) -> None:
    config = json.loads((folder / "config.json").read_bytes())
    (folder / "config.json").write_text(json.dumps({**config, **values}))


@pytest.mark.parametrize(
    ("error", "says", "config", "lacks"),
    [
        (UnsupportedModel, "kind 'mamba' can't be used", {"model_type": "mamba"}, ""),
        (UnsupportedModel, "packed already", {"quantization_config": {"quant_method": "gptq"}}, ""),
        (UnsupportedModel, "can hide programs", {}, "model.safetensors"),
        (UnsupportedModel, r"has no tokenizer\.json", {}, "tokenizer.json"),
        (Damaged, r"no config\.json", {}, "config.json"),
    ],
)
def test_a_folder_that_can_not_be_used_is_refused_with_its_reason(
    mine: Path, tmp_path: Path, error: type[Exception], says: str, config: dict[str, object], lacks: str
):
    change_config(mine, **config)
    if lacks:
        (mine / lacks).unlink()
    with pytest.raises(error, match=says):
        bring(mine, tmp_path / "models", "", quiet)
    assert own_models(tmp_path / "models") == {}


def test_an_adapter_is_no_model(mine: Path, tmp_path: Path):
    (mine / "adapter_config.json").write_text("{}")
    with pytest.raises(UnsupportedModel, match="holds an adapter, not a model"):
        bring(mine, tmp_path / "models", "", quiet)


def test_weights_that_are_none_are_refused_and_leave_nothing(mine: Path, tmp_path: Path):
    (mine / "model.safetensors").write_bytes(b"pickle")
    with pytest.raises(Damaged, match=r"model\.safetensors is no file of weights"):
        bring(mine, tmp_path / "models", "", quiet)
    assert {path.name for path in (tmp_path / "models").iterdir()} == {".own.lock"}


def test_a_path_without_a_model_is_told(tmp_path: Path):
    with pytest.raises(Missing, match="There is nothing at"):
        bring(tmp_path / "nowhere", tmp_path / "models", "", quiet)
    (tmp_path / "notes.txt").write_text("no model")
    with pytest.raises(UnsupportedModel, match=r"notes\.txt is not a GGUF file"):
        bring(tmp_path / "notes.txt", tmp_path / "models", "", quiet)


def test_a_full_disk_is_told_before_anything_is_copied(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(NoSpace, match="GB of free disk space"):
        bring(mine, tmp_path / "models", "", quiet)


def test_a_gguf_file_of_another_kind_is_refused_in_words(tmp_path: Path):
    file = tmp_path / "other.gguf"
    writer = gguf.GGUFWriter(str(file), "whisper")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with pytest.raises(Unconvertible, match="could not be converted"):
        bring(file, tmp_path / "models", "", quiet)
    assert own_models(tmp_path / "models") == {}


def test_a_model_of_ones_own_becomes_the_base_once_it_was_tried_out(mine: Path, tmp_path: Path):
    settings = Settings(home=tmp_path / "home", models=tmp_path / "models")
    made = bring(mine, settings.models, "Mine", quiet)
    with pytest.raises(NotAllowed, match="Mine was not tried out yet"):
        use_base(settings, made.id)
    found = require(settings.models, made.id)
    keep_check(found, Check(False, None, "It is odd.", 1.0))
    with pytest.raises(NotAllowed, match="'Mine' can't be used: It is odd"):
        use_base(settings, made.id)
    keep_check(found, Check(True, True, "", 1.0))
    use_base(settings, made.id)
    assert base_model(settings) == made.id
    assert made.id in known_models(settings.models)
    assert read_manifest(found.folder)["check"] == asdict(Check(True, True, "", 1.0)), "its hashes still hold"


def test_a_job_that_is_cancelled_keeps_nothing_of_it(mine: Path, workspace: Workspace, tmp_path: Path):
    bench = Workspace(Settings(home=workspace.home, models=tmp_path / "models"), workspace.database, workspace.clock)
    request = Prepare(source=str(mine), name="Mine")
    context = claimed_context(bench, request)
    Queue(workspace.database, workspace.clock).request_cancel(context.job.id)
    with pytest.raises(Cancelled):
        prepare(request, context)
    assert own_models(tmp_path / "models") == {}
    assert not list((tmp_path / "models").glob(".own-*"))
