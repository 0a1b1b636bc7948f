"""From an uploaded file to a kept dataset version: read, guess what was not said, prepare, keep file and rows."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from jobs.intake.columns import fill_in
from jobs.intake.formats import read_table
from jobs.intake.prepare import prepare
from jobs.intake.splits import moved
from storage.errors import NotFound
from storage.records import Dataset, Example
from storage.uploads import keep_upload, shown_name
from storage.workspace import Workspace


def add_dataset(  # noqa: PLR0913 - what a person can say about an upload
    workspace: Workspace,
    path: Path,
    file_name: str,
    *,
    name: str | None = None,
    columns: Mapping[str, str] | None = None,
    hold_out: float = 0.2,
) -> Dataset:
    """Keep the file at `path` as the next version of dataset `name` (by default the file's name without its ending).

    `columns` maps roles to columns; a role that is absent is guessed, one that is "" is left out. The file itself is
    kept as `uploads/<dataset id><ending>`. On any error nothing is kept, neither the file nor a row.
    """
    shown = shown_name(Path(file_name))
    dataset_name = (name or "").strip() or Path(shown).stem
    table = read_table(path, shown)
    chosen = fill_in(table, columns or {})
    prepared = prepare(table, chosen, hold_out, moved(_earlier(workspace, dataset_name)))
    with ExitStack() as undo:
        kept = workspace.home / keep_upload(workspace, path)
        undo.callback(kept.unlink, missing_ok=True)
        dataset = workspace.datasets.keep(
            dataset_name,
            prepared.examples,
            rows=prepared.rows,
            columns=chosen,
            dropped=prepared.dropped,
            source=shown,
        )
        undo.pop_all()
    kept.rename(kept.with_name(f"{dataset.id}{kept.suffix}"))
    return dataset


def _earlier(workspace: Workspace, name: str) -> list[Example]:
    try:
        latest = workspace.datasets.get(name)
    except NotFound:
        return []
    return workspace.datasets.examples(latest.id, "watch", "exam")
