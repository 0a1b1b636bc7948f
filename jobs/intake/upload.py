"""From an uploaded file to a kept dataset version: read, guess what was not said, prepare, keep file and rows."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypedDict, Unpack

from jobs.intake.checked_for import checked_for
from jobs.intake.columns import fill_in
from jobs.intake.formats import read_table
from jobs.intake.prepare import prepare
from jobs.intake.splits import USUAL_SHARE, moved
from jobs.intake.table import Table
from storage.errors import NotFound
from storage.records import Dataset, Example, Json
from storage.uploads import keep_upload, shown_name
from storage.workspace import Workspace


class Said(TypedDict, total=False):
    """What a person may say about an upload; the rest is guessed."""

    name: str | None
    columns: Mapping[str, str] | None
    hold_out: float
    sheet: str | None
    remedies: Mapping[str, str]


def add_dataset(workspace: Workspace, path: Path, file_name: str, **said: Unpack[Said]) -> Dataset:
    """Keep the file at `path` as the next version of dataset `name` (by default the file's name without its ending).

    `columns` maps roles to columns or templates; a role that is absent is guessed, one that is "" is left out. `sheet`
    chooses among several tables, `remedies` what is done about findings where it is not the usual. The file itself is
    kept as `uploads/<dataset id><ending>`, of a folder the rows that were read. On any error nothing is kept, neither
    the file nor a row.
    """
    shown = shown_name(Path(file_name))
    name = (said.get("name") or "").strip() or (shown if path.is_dir() else Path(shown).stem)
    table = read_table(path, shown, said.get("sheet"))
    chosen = fill_in(table, said.get("columns") or {})
    remedies = dict(said.get("remedies", {}))
    checking = checked_for(workspace.settings, remedies)
    prepared = prepare(table, chosen, said.get("hold_out", USUAL_SHARE), moved(_earlier(workspace, name)), **checking)
    with _one_file(path, table) as file, ExitStack() as undo:
        kept = workspace.home / keep_upload(workspace, file)
        undo.callback(kept.unlink, missing_ok=True)
        dataset = workspace.datasets.keep(
            name,
            prepared.examples,
            rows=prepared.rows,
            columns=chosen,
            dropped=prepared.dropped,
            source=shown,
            origin={**_origin(kept, table, chosen), "remedies": remedies},
        )
        undo.pop_all()
    kept.rename(kept.with_name(f"{dataset.id}{kept.suffix}"))
    return dataset


def _origin(file: Path, table: Table, columns: dict[str, str]) -> Json:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"file_sha256": digest, "sheet": table.sheet, "mapping": columns}


@contextmanager
def _one_file(path: Path, table: Table) -> Iterator[Path]:
    """Give the file itself; for a folder a file of JSON lines with the rows that were read from it."""
    if path.is_file():
        yield path
        return
    with TemporaryDirectory() as folder:
        lines = Path(folder) / "rows.jsonl"
        with lines.open("w", encoding="utf-8") as stream:
            for row in table.rows:
                stream.write(json.dumps(dict(zip(table.columns, row, strict=True)), ensure_ascii=False) + "\n")
        yield lines


def _earlier(workspace: Workspace, name: str) -> list[Example]:
    try:
        latest = workspace.datasets.get(name)
    except NotFound:
        return []
    return workspace.datasets.examples(latest.id, "watch", "exam")
