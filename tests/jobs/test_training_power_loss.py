"""The power fails at any moment of keeping a checkpoint: whatever the database names is whole, whatever is named is."""

import shutil
import sys
from pathlib import Path

import pytest
import torch

from jobs.requests import Train
from jobs.training.checkpoints import Checkpoints
from jobs.training.state import Saved
from storage import files
from storage.errors import Damaged
from storage.files import MANIFEST, read_manifest, sha256_of
from storage.workspace import Workspace
from tests.jobs.interrupted_training import Meddling, begin
from tests.jobs.power_loss import Disk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks up open files in /proc")

STEPS = range(1, 13)


def saved(step: int) -> Saved:
    """A state like none at another step."""
    weights = {"lora": torch.full((8, 4), float(step))}
    return Saved(weights, weights, {"0.step": torch.tensor(step)}, {"pace": {"steps": step}})


class Failing:
    """Keeps checkpoints, and at every moment looks at what a power loss would leave of them."""

    def __init__(self, workspace: Workspace, scratch: Path, patched: pytest.MonkeyPatch) -> None:
        self.context: Meddling = begin(workspace, Train(dataset_id="d"))
        self.disk = Disk(workspace.folder("checkpoints"), patched)
        self.disk.look = self._look
        self.seen_whole = 0
        self._left = scratch / "left"
        # The database is durable with each of its commits, which these moments enclose.
        self.context.happens = lambda _moment: self.disk.cut()

    def keep(self) -> None:
        checkpoints = Checkpoints(self.context, {})
        for step in STEPS:
            checkpoints.keep(step, saved(step).write)

    def _look(self) -> None:
        for all_names in (False, True):
            shutil.rmtree(self._left, ignore_errors=True)
            self.disk.rebuild(self._left, all_names=all_names)
            for kept in self.context.checkpoints():
                folder = self._left / Path(kept.path).name
                read_manifest(folder)
                assert sha256_of(folder / MANIFEST) == kept.manifest_sha256
                assert Saved.read(folder).facts["pace"]["steps"] == kept.step
                self.seen_whole += 1
            if all_names:
                self._named_are_whole()

    def _named_are_whole(self) -> None:
        """A folder that has its name is complete, until its row is gone and it is being removed."""
        rows = {Path(kept.path).name for kept in self.context.checkpoints()}
        oldest = min((kept.step for kept in self.context.checkpoints()), default=0)
        for folder in self._left.iterdir():
            being_removed = folder.name not in rows and int(folder.name.rpartition("-s")[2]) < oldest
            if not folder.name.startswith(".") and not being_removed:
                read_manifest(folder)


def test_at_no_moment_does_a_power_loss_leave_a_checkpoint_that_is_named_but_not_whole(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing(workspace, tmp_path, monkeypatch)
    failing.keep()
    assert failing.disk.cuts >= 200
    assert failing.seen_whole >= 400


@pytest.mark.parametrize("left_out", ["sync_file", "sync_folder"])
def test_without_one_of_the_syncs_this_would_be_found_out(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left_out: str
) -> None:
    monkeypatch.setattr(files, left_out, lambda _path: None)
    with pytest.raises((Damaged, FileNotFoundError)):
        Failing(workspace, tmp_path, monkeypatch).keep()
