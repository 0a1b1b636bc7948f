"""Checkpoints on the disk: complete or not there, the newest two of them, and one that was damaged is passed over."""

import logging
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from jobs.context import JobContext
from jobs.requests import Train
from jobs.training.checkpoints import Checkpoints
from jobs.training.state import Saved
from jobs.training.tensors import read_tensors, write_tensors
from storage.errors import NoSpace
from storage.files import MANIFEST, read_manifest, sha256_of
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.jobs.interrupted_training import again, begin, cut_off, finish, folders, in_format, kept_steps
from tests.jobs.small_training import keep, one_thread, open_small

__all__ = ["one_thread"]  # a fixture for every test here

TERMS = {"rank": 4}
FILES = ("adapter.safetensors", "best.safetensors", "optimizer.safetensors", "state.json", MANIFEST)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


WAYS: dict[str, Callable[[Path], None]] = {"truncated": truncate, "zeroed": zero, "deleted": Path.unlink}


@pytest.fixture
def context(workspace: Workspace) -> JobContext:
    return claimed_context(workspace, Train(dataset_id="d"))


def write(folder: Path) -> None:
    (folder / "state.json").write_text("{}")


def test_the_newest_two_are_kept(context: JobContext) -> None:
    checkpoints = Checkpoints(context, TERMS)
    for step in (10, 20, 30, 40):
        checkpoints.keep(step, write)
        assert kept_steps(context) == [step, step - 10][: step // 10]
    assert folders(context) == ["-f1-s30", "-f1-s40"]
    assert checkpoints.newest() == context.workspace.home / context.checkpoints()[0].path


def test_the_same_step_is_kept_once(context: JobContext) -> None:
    checkpoints, written = Checkpoints(context, TERMS), list[int]()

    def counted(folder: Path) -> None:
        written.append(1)
        write(folder)

    checkpoints.keep(10, counted)
    checkpoints.keep(10, counted)
    assert (kept_steps(context), len(written)) == ([10], 1)


def test_what_could_not_be_written_leaves_nothing_and_harms_nothing(context: JobContext) -> None:
    checkpoints = Checkpoints(context, TERMS)
    checkpoints.keep(10, write)

    def fails(folder: Path) -> None:
        write(folder)
        raise OSError("The cable is loose.")

    with pytest.raises(OSError, match="cable"):
        checkpoints.keep(20, fails)
    assert (kept_steps(context), folders(context)) == ([10], ["-f1-s10"])


def test_what_no_row_names_is_removed_before_it_goes_on(context: JobContext) -> None:
    checkpoints = Checkpoints(context, TERMS)
    checkpoints.keep(10, write)
    place, job_id = context.workspace.folder("checkpoints"), context.job.id
    for name in (f".tmp-{job_id}-f1-s20", f"{job_id}-f1-s20", f"{job_id}-f1", "another-f1-s20"):
        (place / name).mkdir()
    assert checkpoints.newest() == place / f"{job_id}-f1-s10"
    assert folders(context) == ["-f1-s10"]
    assert (place / "another-f1-s20").is_dir(), "that is another job's"


def test_other_terms_are_told_by_name(context: JobContext, caplog: pytest.LogCaptureFixture) -> None:
    Checkpoints(context, {**TERMS, "torch": "1", "seed": 0}).keep(10, write)
    assert Checkpoints(context, {**TERMS, "torch": "2", "seed": 0}).newest() is None
    assert "step 10 is not used: it was made under other terms (torch)." in caplog.text
    assert kept_steps(context) == folders(context) == []


def test_tensors_come_back_as_they_were_and_outlive_their_file(tmp_path: Path) -> None:
    kept = {"a": torch.rand(3, 4), "b": torch.tensor(2.0), "c": torch.ones(2, dtype=torch.bfloat16)}
    write_tensors(tmp_path / "kept", {**kept, "d": torch.rand(4, 3).T})
    back = read_tensors(tmp_path / "kept")
    (tmp_path / "kept").unlink()
    for name, tensor in kept.items():
        assert torch.equal(back[name], tensor)
        assert back[name].dtype == tensor.dtype
    back["a"] += 1


def test_a_full_disk_is_told_as_what_it_is(tmp_path: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)], check=False)
    if mounted.returncode:
        pytest.skip("only root may make a small disk")
    try:
        with pytest.raises(NoSpace, match="keep weights"):
            write_tensors(tmp_path / "weights", {"a": torch.ones(1_000_000)})
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, Train]]:
    """A workspace with the tiny model, and what is trained there."""
    workspace = open_small(tmp_path_factory.mktemp("damaged"))
    yield workspace, Train(dataset_id=keep(workspace, 29), epochs=2, learning_rate=0.01)
    workspace.close()


@pytest.fixture(scope="module")
def copied(trained: tuple[Workspace, Train], tmp_path_factory: pytest.TempPathFactory) -> tuple[JobContext, Path]:
    """A training that was cut off with checkpoints at steps 4 and 5, and a copy of them."""
    workspace, request = trained
    with pytest.MonkeyPatch.context() as patched:
        in_format(patched, "float32")
        context = begin(workspace, request)
        cut_off(context, request, "before loss 6")
    copy = tmp_path_factory.mktemp("copy") / "checkpoints"
    shutil.copytree(workspace.folder("checkpoints"), copy)
    return context, copy


@pytest.fixture
def two(copied: tuple[JobContext, Path]) -> JobContext:
    """The same with both checkpoints as they were."""
    context, copy = copied
    shutil.rmtree(context.workspace.folder("checkpoints"))
    shutil.copytree(copy, context.workspace.folder("checkpoints"), dirs_exist_ok=True)
    there = {kept.step for kept in context.checkpoints()}
    for folder in context.workspace.folder("checkpoints").iterdir():
        step = int(folder.name.rpartition("-s")[2])
        if step not in there:
            context.keep_checkpoint(step, folder, sha256_of(folder / MANIFEST))
    return context


def _terms(context: JobContext) -> dict[str, object]:
    return read_manifest(context.workspace.home / context.checkpoints()[0].path)["terms"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_sends_back_to_the_checkpoint_before(
    two: JobContext, name: str, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    terms = _terms(two)
    newest = two.workspace.home / two.checkpoints()[0].path
    assert sorted(path.name for path in newest.iterdir()) == sorted(FILES)
    WAYS[way](newest / name)
    found = Checkpoints(two, terms).newest()
    assert found is not None
    assert found.name.endswith("-s4")
    assert Saved.read(found).facts["pace"]["steps"] == 4
    (told,) = [entry for entry in caplog.records if entry.levelno >= logging.WARNING]
    assert told.getMessage().startswith("The checkpoint at step 5 is not used: ")
    assert told.exc_info is None
    assert (kept_steps(two), folders(two)) == ([4], ["-f1-s4"])


def test_without_any_sound_one_there_is_none(two: JobContext) -> None:
    terms = _terms(two)
    for kept in two.checkpoints():
        shutil.rmtree(two.workspace.home / kept.path)
    assert Checkpoints(two, terms).newest() is None
    assert kept_steps(two) == folders(two) == []


@pytest.mark.parametrize(
    ("name", "way"), [("optimizer.safetensors", "truncated"), ("state.json", "zeroed"), (MANIFEST, "deleted")]
)
def test_a_training_goes_on_past_a_damaged_checkpoint_to_the_same_end(
    trained: tuple[Workspace, Train], name: str, way: str, untouched: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, request = trained
    in_format(monkeypatch, "float32")
    first = begin(workspace, request)
    cut_off(first, request, "before loss 6")
    WAYS[way](workspace.home / first.checkpoints()[0].path / name)
    made = finish(again(first, request), request)
    assert made.result["eval_loss"] == pytest.approx(untouched, abs=1e-4)


@pytest.fixture(scope="module")
def untouched(trained: tuple[Workspace, Train]) -> float:
    """How far the answers are in the end without an interruption."""
    workspace, request = trained
    with pytest.MonkeyPatch.context() as patched:
        in_format(patched, "float32")
        return finish(begin(workspace, request), request).result["eval_loss"]
