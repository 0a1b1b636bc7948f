"""Exporting an adapter: the files as published, a note, and no folder that is overwritten."""

from pathlib import Path

import pytest

from jobs.context import JobContext
from jobs.exporting.adapter import export
from jobs.queue import Queue
from jobs.requests import Export, Train
from storage.errors import Damaged, NotAllowed, NotFound, UserFault
from storage.files import publish, sha256_of
from storage.records import Adapter
from storage.workspace import Workspace
from tests.claimed import claimed_context


@pytest.fixture
def adapter(workspace: Workspace) -> Adapter:
    """A published adapter with its row, as a finished training leaves it."""
    context = claimed_context(workspace, Train(dataset_id="none"))
    folder = workspace.folder("adapters") / "a-f1"
    temporary = folder.with_name(".tmp-a-f1")
    temporary.mkdir()
    (temporary / "adapter_config.json").write_text('{"peft_type": "LORA"}')
    (temporary / "adapter_model.safetensors").write_bytes(b"weights")
    sha256 = sha256_of(temporary / "adapter_model.safetensors")
    manifest_sha256 = publish(temporary, folder, adapter_id="a")
    kept = Adapter(
        id="a",
        job_id=context.job.id,
        name="Shop, version 1",
        base_id="starter",
        base_sha256="b" * 64,
        adapter_sha256=sha256,
        dataset_id="none",
        path="adapters/a-f1",
        manifest_sha256=manifest_sha256,
        created_at=1.0,
    )
    assert Queue(workspace.database, workspace.clock).finish(context.job, result={}, adapter=kept)
    return kept


def exporting(workspace: Workspace, folder: Path | str, adapter_id: str = "a") -> tuple[Export, JobContext]:
    request = Export(adapter_id=adapter_id, folder=str(folder))
    return request, claimed_context(workspace, request)


def test_the_files_arrive_as_published_with_a_note(workspace: Workspace, adapter: Adapter, tmp_path: Path) -> None:
    target = tmp_path / "out" / "shop"
    made = export(*exporting(workspace, target))
    assert sorted(path.name for path in target.iterdir()) == sorted(made.result["files"])
    assert sha256_of(target / "adapter_model.safetensors") == adapter.adapter_sha256
    note = (target / "README.txt").read_text()
    assert adapter.base_sha256 in note
    assert "SmolLM2" in note
    assert [line for line in note.splitlines() if line.startswith("## ")] == [
        "## What it learned from", "## Settings", "## Scores",
    ]  # fmt: skip
    assert "It was not scored yet." in note
    assert [path.name for path in target.parent.iterdir()] == ["shop"]


def test_an_empty_folder_is_filled(workspace: Workspace, adapter: Adapter, tmp_path: Path) -> None:
    target = tmp_path / "empty"
    target.mkdir()
    export(*exporting(workspace, target))
    assert (target / "adapter_config.json").is_file()


def test_a_folder_with_something_in_it_is_refused(workspace: Workspace, adapter: Adapter, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep")
    with pytest.raises(UserFault, match="not an empty folder") as refused:
        export(*exporting(workspace, tmp_path / "full"))
    assert "empty one" in refused.value.next_step
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_a_relative_path_is_refused(workspace: Workspace, adapter: Adapter) -> None:
    with pytest.raises(UserFault, match="absolute"):
        export(*exporting(workspace, "out/shop"))


def test_the_workspace_itself_is_refused(workspace: Workspace, adapter: Adapter) -> None:
    with pytest.raises(NotAllowed):
        export(*exporting(workspace, workspace.home / "adapters" / "mine"))


def test_an_unknown_adapter_is_named(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nothing-here"):
        export(*exporting(workspace, tmp_path / "out", "nothing-here"))


def test_a_damaged_adapter_is_not_passed_on(workspace: Workspace, adapter: Adapter, tmp_path: Path) -> None:
    (workspace.home / adapter.path / "adapter_model.safetensors").write_bytes(b"other..")
    with pytest.raises(Damaged):
        export(*exporting(workspace, tmp_path / "out"))
    assert not (tmp_path / "out").exists()
