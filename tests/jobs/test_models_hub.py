"""Fetching from a model hub: end to end on loopback, resumed, checked, refused in words, and nothing else let in."""

import dataclasses
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from huggingface_hub import constants
from transformers import AutoModelForCausalLM

from jobs.context import Cancelled
from jobs.models import fetch
from jobs.models.catalogue import HubSource, ModelEntry, catalogue, entry
from jobs.models.downloading import DownloadFailed
from jobs.models.encoding import Encoder
from jobs.models.fetch import prepare
from jobs.models.hub import Gated, HubUnreachable, known_files
from jobs.models.installed import installed, require, weights_sha256
from jobs.models.listing import NotUsableHere, with_files
from jobs.queue import Queue
from jobs.requests import Prepare
from jobs.serving.base import Base
from jobs.serving.engine import Engine
from jobs.serving.tickets import Asked
from storage.errors import Damaged
from storage.files import MANIFEST, read_manifest, sha256_of
from storage.settings import Settings
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.conftest import PROJECT
from tests.jobs.hub import COMMIT, Hub, listed, playing, unlisted
from tests.jobs.test_models_fetch import quiet
from tests.serving import EXACT, Following, prompt
from tests.tiny import make_tiny_model

MODEL = "smollm2-360m"
REVISION = "a10cc1512eabd3dde888204e902eca88bddb4951"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model as its makers would publish it, with files beside it that must never be fetched."""
    folder = tmp_path_factory.mktemp("published")
    made = make_tiny_model(folder / "made")
    (made / MANIFEST).unlink()
    for name in ("pytorch_model.bin", "modeling_tiny.py", "model.pt"):
        (made / name).write_bytes(b"code that would run")
    return made


@pytest.fixture
def hub(published: Path) -> Iterator[Hub]:
    with playing(published) as hub:
        yield hub


def fetched(hub: Hub, models: Path, *, gated: bool = False) -> Path:
    return fetch.fetch(listed(hub.folder, gated=gated), models, quiet, hub.url)


def parts(models: Path) -> list[Path]:
    return list(models.glob(f".{MODEL}.part-*"))


def test_a_model_is_fetched_installed_and_answers(hub: Hub, tmp_path: Path):
    steps: list[tuple[str, int, int]] = []
    entry_here = listed(hub.folder)
    folder = fetch.fetch(entry_here, tmp_path, lambda *step: steps.append(step), hub.url)

    found = require(tmp_path, MODEL)
    assert (found.folder, found.sha256) == (folder, sha256_of(hub.folder / "model.safetensors"))
    manifest = read_manifest(folder)
    assert (manifest["base_id"], manifest["version"]) == (MODEL, REVISION)
    assert steps[-1] == ("convert", 1, 1)
    told = [done for step, done, _ in steps if step == "download"]
    assert told == sorted(told)
    assert told[-1] == entry_here.source.download_bytes

    base = Base(found, EXACT)
    engine = Engine(base)
    try:
        asked = Asked(prompt(base, "Hello?"), max_tokens=4)
        answered = Following(engine, asked).answered()
    finally:
        engine.close()
    assert answered.error is None
    assert answered.end is not None


def test_only_the_listed_files_of_the_pinned_revision_are_asked_for(hub: Hub, tmp_path: Path):
    folder = fetched(hub, tmp_path)
    assert {path for path, _, _ in hub.asked} == {
        f"/HuggingFaceTB/SmolLM2-360M-Instruct/resolve/{REVISION}/{file.member}"
        for file in listed(hub.folder).source.files
    }
    kept = {path.suffix for path in folder.rglob("*")}
    assert kept == {".json", ".jinja", ".safetensors"}, "neither pickles nor code come in"
    assert parts(tmp_path) == []


def test_a_model_in_parts_is_whole_again(published: Path, tmp_path: Path):
    sharded = tmp_path / "sharded"
    AutoModelForCausalLM.from_pretrained(published).save_pretrained(sharded, max_shard_size="20KB")
    Encoder.load(published).tokenizer.save_pretrained(sharded)
    assert len(list(sharded.glob("model-*.safetensors"))) > 1
    with playing(sharded) as hub:
        folder = fetched(hub, tmp_path / "models")
    found = require(tmp_path / "models", MODEL)
    assert found.sha256 == weights_sha256(folder) == weights_sha256(sharded)
    next(folder.glob("model-*.safetensors")).write_bytes(b"other")
    assert weights_sha256(folder) != found.sha256
    assert Base(require_from(sharded, tmp_path), EXACT).vocabulary > 0


def require_from(sharded: Path, tmp_path: Path):
    with playing(sharded) as hub:
        fetched(hub, tmp_path / "again")
    return require(tmp_path / "again", MODEL)


def test_a_broken_connection_goes_on_where_it_broke(hub: Hub, tmp_path: Path):
    hub.breaks_after, hub.breaks = 5000, 2
    fetched(hub, tmp_path)
    assert installed(tmp_path, MODEL)
    assert [asked for _, asked, _ in hub.asked if asked] == ["bytes=5000-", "bytes=10000-"]


def test_what_arrived_before_a_failure_is_not_fetched_again(hub: Hub, tmp_path: Path):
    class Killed(BaseException):
        """The process ends here."""

    def dies(step: str, done: int, of: int) -> None:
        if step == "download" and done > of // 2:
            raise Killed

    with pytest.raises(Killed):
        fetch.fetch(listed(hub.folder), tmp_path, dies, hub.url)
    assert installed(tmp_path, MODEL) is None
    (part,) = parts(tmp_path)
    before = {path.name for path in part.iterdir()}
    assert "config.json" in before
    hub.asked.clear()
    fetched(hub, tmp_path)
    assert installed(tmp_path, MODEL)
    assert not before & set(hub.names()) - {name for name in hub.names() if f"{name}.part" in before}
    assert parts(tmp_path) == []


def test_a_hub_that_does_not_resume_sends_the_file_again(hub: Hub, tmp_path: Path):
    hub.resumes, hub.breaks_after, hub.breaks = False, 5000, 1
    fetched(hub, tmp_path)
    assert installed(tmp_path, MODEL)


def test_a_connection_that_keeps_breaking_is_told_and_leaves_the_part(hub: Hub, tmp_path: Path):
    hub.breaks_after, hub.breaks = 0, 1000
    with pytest.raises(HubUnreachable, match="could not be downloaded: the connection broke off") as told:
        fetched(hub, tmp_path)
    assert "What has arrived is kept" in told.value.next_step
    assert installed(tmp_path, MODEL) is None


@pytest.mark.parametrize("change", [lambda data: data[:-1] + b"x", lambda data: data + b"x", lambda data: data[:-1]])
def test_a_file_that_is_not_the_known_one_never_takes_its_name(published: Path, tmp_path: Path, change):
    changed = shutil.copytree(published, tmp_path / "changed")
    known = listed(changed)
    weights = changed / "model.safetensors"
    weights.write_bytes(change(weights.read_bytes()))
    with playing(changed) as hub, pytest.raises(Damaged, match=r"model\.safetensors is not the file"):
        fetch.fetch(known, tmp_path / "models", quiet, hub.url)
    assert installed(tmp_path / "models", MODEL) is None
    assert not any(path.name == "model.safetensors" for path in (tmp_path / "models").rglob("*"))


def test_a_gated_model_says_whose_terms_must_be_accepted(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HF_TOKEN", "a-token")
    hub.refuses = 403
    with pytest.raises(Gated, match="only to people who have accepted its makers' terms") as told:
        fetched(hub, tmp_path, gated=True)
    assert "huggingface.co/HuggingFaceTB/SmolLM2-360M-Instruct" in told.value.next_step
    assert hub.asked[0][2] == "Bearer a-token"


def test_who_asks_is_told_only_where_the_owners_want_to_know(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HF_TOKEN", "a-token")
    fetched(hub, tmp_path)
    assert {authorization for _, _, authorization in hub.asked} == {None}


@pytest.mark.parametrize(("status", "says"), [(404, "does not have"), (401, "does not have"), (503, "busy or out of")])
def test_a_hub_that_refuses_gives_its_reason(hub: Hub, tmp_path: Path, status: int, says: str):
    hub.refuses = status
    with pytest.raises(DownloadFailed, match=f"SmolLM2 360M Instruct could not be downloaded: .*{says}"):
        fetched(hub, tmp_path)


def test_no_hub_at_all_is_said_at_once(hub: Hub, tmp_path: Path):
    known = listed(hub.folder)
    with pytest.raises(HubUnreachable, match="no model hub is reachable from this computer"):
        fetch.fetch(known, tmp_path, quiet, "http://127.0.0.1:9")
    assert installed(tmp_path, MODEL) is None


def test_where_the_catalogue_lists_no_files_the_hub_tells_them_and_they_are_checked(hub: Hub, tmp_path: Path):
    model = unlisted()
    assert isinstance(model.source, HubSource)
    folder = fetch.fetch(model, tmp_path, quiet, hub.url)
    first, *others = [path for path, _, _ in hub.asked]
    assert first == f"/api/models/Qwen/Qwen3-0.6B/revision/{model.source.revision}?blobs=true"
    assert all(path.startswith(f"/Qwen/Qwen3-0.6B/resolve/{COMMIT}/") for path in others)
    manifest = read_manifest(folder)
    assert (manifest["base_id"], manifest["version"]) == (model.id, COMMIT), "what was really fetched is written down"
    assert {Path(file["name"]).suffix for file in manifest["files"]} == {".json", ".jinja", ".safetensors"}


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_hub_that_sends_other_bytes_than_it_told_is_refused(published: Path, tmp_path: Path, name: str):
    changed = shutil.copytree(published, tmp_path / "changed")
    with playing(changed) as hub:
        model = dataclasses.replace(unlisted(), source=known_files(unlisted(), source_of(unlisted()), hub.url))
        content = (changed / name).read_bytes()
        (changed / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(Damaged, match=f"{name} is not the file"):
            fetch.fetch(model, tmp_path / "models", quiet, hub.url)
    assert installed(tmp_path / "models", model.id) is None


def source_of(model: ModelEntry) -> HubSource:
    assert isinstance(model.source, HubSource)
    return model.source


@pytest.mark.parametrize("lacks", ["model.safetensors", "tokenizer.json"])
def test_a_repository_of_another_kind_is_refused_before_anything_is_fetched(
    published: Path, tmp_path: Path, lacks: str
):
    poor = shutil.copytree(published, tmp_path / "poor")
    (poor / lacks).unlink()
    with playing(poor) as hub, pytest.raises(NotUsableHere, match="has no weights as safetensors, or no tokenizer"):
        fetch.fetch(unlisted(), tmp_path / "models", quiet, hub.url)
    assert len(hub.asked) == 1


def test_the_list_of_a_gated_model_is_refused_in_the_same_words(hub: Hub, tmp_path: Path):
    hub.refuses = 401
    with pytest.raises(Gated, match="only to people who have accepted its makers' terms"):
        fetch.fetch(unlisted(gated=True), tmp_path, quiet, hub.url)


def test_a_hub_that_tells_nothing_useful_is_refused():
    for told in ({}, {"sha": "x", "siblings": [{"size": 3}]}):
        with pytest.raises(NotUsableHere, match="does not tell which files"):
            with_files("A model", source_of(unlisted()), told)
    named = [{"rfilename": name, "size": 1} for name in ("config.json", "tokenizer.json", "model.safetensors")]
    with pytest.raises(NotUsableHere, match="does not tell the hashes"):
        with_files("A model", source_of(unlisted()), {"sha": "x", "siblings": named})


def test_a_part_of_another_revision_is_thrown_away(hub: Hub, tmp_path: Path):
    stale = tmp_path / f".{MODEL}.part-000000000000"
    stale.mkdir(parents=True)
    fetched(hub, tmp_path)
    assert not stale.exists()


@pytest.fixture
def usual_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub in the place of the usual one, with files of the right sizes but not the right bytes."""
    folder = tmp_path / "usual"
    folder.mkdir()
    for file in entry(MODEL).source.files:
        (folder / file.member).write_bytes(bytes(file.size if file.size < 10_000 else 1))
    with playing(folder) as hub:
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        yield hub


def in_job(workspace: Workspace, models: Path) -> Workspace:
    return Workspace(Settings(home=workspace.home, models=models), workspace.database, workspace.clock)


def test_a_job_refuses_what_a_hub_sends_in_place_of_the_model(usual_hub: Hub, workspace: Workspace, tmp_path: Path):
    bench = in_job(workspace, tmp_path / "models")
    request = Prepare(model=MODEL)
    with pytest.raises(Damaged, match=r"config\.json is not the file that Triptych was tested with"):
        prepare(request, claimed_context(bench, request))
    assert usual_hub.names() == ["config.json"]


def test_a_job_that_is_cancelled_leaves_nothing_behind(usual_hub: Hub, workspace: Workspace, tmp_path: Path):
    bench = in_job(workspace, tmp_path / "models")
    request = Prepare(model=MODEL)
    context = claimed_context(bench, request)
    Queue(workspace.database, workspace.clock).request_cancel(context.job.id)
    with pytest.raises(Cancelled):
        prepare(request, context)
    assert usual_hub.names() == ["config.json"]
    assert parts(tmp_path / "models") == []


def command(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {
        **os.environ,
        "TRIPTYCH_HOME": str(tmp_path / "home"),
        "TRIPTYCH_MODELS": str(tmp_path / "models"),
        **environment,
    }
    program = [sys.executable, "-m", *arguments]
    return subprocess.run(program, cwd=PROJECT, env=variables, capture_output=True, text=True, check=False)


def test_the_command_line_fetches_through_a_job_and_tells_why_it_failed(usual_hub: Hub, tmp_path: Path):
    done = command(tmp_path, "studio", "models", "fetch", MODEL, HF_ENDPOINT=usual_hub.url)
    assert done.returncode == 3
    assert "725.8 MB to download (Apache-2.0)" in done.stderr
    assert "config.json is not the file that Triptych was tested with" in done.stderr
    assert usual_hub.names() == ["config.json"]


def test_where_asking_a_hub_is_forbidden_it_is_said(tmp_path: Path):
    done = command(tmp_path, "jobs.models.fetch", TRIPTYCH_BASE_MODEL=MODEL, HF_HUB_OFFLINE="1")
    assert done.returncode == 3
    assert "HF_HUB_OFFLINE forbids to ask a model hub" in done.stderr


@pytest.mark.hub
@pytest.mark.parametrize(
    "model_id", [model.id for model in catalogue().values() if isinstance(model.source, HubSource)]
)
def test_the_real_hub_has_every_listed_file_at_its_size(model_id: str):
    model = entry(model_id)
    source = model.source
    assert isinstance(source, HubSource)
    if not source.gated:
        source = known_files(model, source)
    with httpx.Client(follow_redirects=True, timeout=30) as client:
        for file in source.files:
            url = f"{constants.ENDPOINT}/{source.repository}/resolve/{source.revision}/{file.member}"
            told = client.head(url, headers={"Accept-Encoding": "identity"})
            if source.gated:
                assert told.status_code in {200, 401, 403}
                continue
            assert told.status_code == 200
            assert int(told.headers["Content-Length"]) == file.size, file.member


@pytest.mark.hub
def test_a_model_of_the_real_hub_is_fetched(tmp_path: Path):
    folder = fetch.ensure_model(MODEL, tmp_path, quiet)
    assert require(tmp_path, MODEL).sha256 == sha256_of(folder / "model.safetensors")
