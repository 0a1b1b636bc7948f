"""The checkpoints of a training on the disk and in the database: kept complete, found again, removed when of no use."""

import logging
from collections.abc import Callable
from pathlib import Path

from jobs.context import JobContext
from storage.errors import ClaimLost, Damaged
from storage.files import MANIFEST, publish, read_manifest, remove_tree, sha256_of
from storage.records import Json
from storage.run_records import Checkpoint

log = logging.getLogger(__name__)

KEPT = 2


class Checkpoints:
    """The checkpoints of one job. `terms` are what must be the same for a later attempt to go on from one."""

    def __init__(self, context: JobContext, terms: Json) -> None:
        self._context = context
        self._terms = terms
        self._folder = context.workspace.folder("checkpoints")

    def keep(self, step: int, write: Callable[[Path], None]) -> None:
        """Publish what `write` writes into a folder as the checkpoint at `step`, and give up all but the newest two.

        Raises ClaimLost or NoSpace; then there are as many as before.
        """
        target = self._folder / f"{self._context.job.id}-f{self._context.fence}-s{step}"
        if self._row_of(target) is not None:
            return
        temporary = target.with_name(f".tmp-{target.name}")
        for left_behind in (temporary, target):
            remove_tree(left_behind)
        temporary.mkdir()
        try:
            write(temporary)
            # The page never shows less than what a later attempt goes on from.
            self._context.flush()
            sha256 = publish(temporary, target, job_id=self._context.job.id, step=step, terms=self._terms)
            self._context.keep_checkpoint(step, target, sha256)
        except ClaimLost:
            remove_tree(target)
            raise
        finally:
            remove_tree(temporary)
        for older in self._context.checkpoints()[KEPT:]:
            self._give_up(older)

    def newest(self) -> Path | None:
        """Return the folder of the furthest checkpoint that can be gone on from; None where there is none.

        Those that can't be are told in the log and given up, and whatever no row names is removed.
        """
        found = None
        for kept in self._context.checkpoints():
            why_not = self._why_not(kept)
            if why_not:
                log.warning("The checkpoint at step %d is not used: %s", kept.step, why_not)
                self._give_up(kept)
            elif found is None:
                found = self._folder_of(kept)
        self._remove_unnamed()
        return found

    def _why_not(self, kept: Checkpoint) -> str:
        folder = self._folder_of(kept)
        try:
            if sha256_of(folder / MANIFEST) != kept.manifest_sha256:
                return "its list of files is not what was saved."
            manifest = read_manifest(folder)
        except FileNotFoundError:
            return "its list of files is gone."
        except (Damaged, OSError) as error:
            return str(error)
        other = sorted(name for name, value in self._terms.items() if manifest["terms"].get(name) != value)
        return f"it was made under other terms ({', '.join(other)})." if other else ""

    def _give_up(self, kept: Checkpoint) -> None:
        """Forget the row first: a folder without a row is rubbish, a row without its folder would be a lie."""
        self._context.drop_checkpoint(kept)
        remove_tree(self._folder_of(kept))

    def _remove_unnamed(self) -> None:
        job_id, named = self._context.job.id, {self._folder_of(kept) for kept in self._context.checkpoints()}
        for folder in (*self._folder.glob(f"{job_id}-f*"), *self._folder.glob(f".tmp-{job_id}-f*")):
            if folder not in named:
                remove_tree(folder)

    def _row_of(self, folder: Path) -> Checkpoint | None:
        return next((kept for kept in self._context.checkpoints() if self._folder_of(kept) == folder), None)

    def _folder_of(self, kept: Checkpoint) -> Path:
        return self._context.workspace.home / kept.path
