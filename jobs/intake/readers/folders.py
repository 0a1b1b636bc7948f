"""Read a folder of `datasets`: one saved to a disk, or Parquet and JSONL files, with its splits for sheets."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from jobs.intake.readers.columnar import arrow_records, parquet_records
from jobs.intake.readers.json_files import line_records
from jobs.intake.readers.records import tabulated
from jobs.intake.readers.sheets import chosen
from jobs.intake.sizes import refuse_large
from jobs.intake.table import Reader
from storage.errors import TooLarge, UnreadableFile

_READ_BY: dict[str, Callable[[Path, str], Iterator[Any]]] = {
    ".arrow": arrow_records,
    ".parquet": parquet_records,
    ".jsonl": line_records,
}
_FIRST = "train"
_MOST_ENTRIES = 10_000
_SHARD = re.compile(r"[-_.]?\d{4,5}(-of-\d{5})?(-[0-9a-f]+)?$")
_CHOOSE = "Choose a folder that `datasets` saved to a disk, or one with Parquet or JSONL files."


def read_folder(folder: Path, name: str, sheet: str | None) -> Reader:
    """Give the rows of the split called `sheet`, by default of "train" or else of the first.

    Raises UnreadableFile or TooLarge with a sentence, and NotFound where no split has this name.
    """
    splits = _splits(folder, name)
    names = sorted(splits, key=lambda split: (split != _FIRST, split))
    if not names:
        raise UnreadableFile(f"The folder {name} holds no data that can be read here.", _CHOOSE)
    found = chosen(sheet, names, name)
    refuse_large(sum(path.stat().st_size for path in splits[found]), name)
    records = (record for path in splits[found] for record in _READ_BY[path.suffix](path, path.name))
    heading = yield from tabulated(records, name)
    heading.sheets, heading.sheet = names, found
    return heading


def _splits(folder: Path, name: str) -> dict[str, list[Path]]:
    entries = list(islice(folder.rglob("*"), _MOST_ENTRIES + 1))
    if len(entries) > _MOST_ENTRIES:
        raise TooLarge(f"The folder {name} holds more than {_MOST_ENTRIES:,} files.", _CHOOSE)
    splits: dict[str, list[Path]] = {}
    for path in sorted(entries):
        if path.name == "state.json":
            splits.setdefault(path.parent.name, []).extend(_saved(path))
        elif path.suffix in {".parquet", ".jsonl"}:
            # A shard without a name of its own, such as 0000.parquet, lies in the folder of its split.
            splits.setdefault(_SHARD.sub("", path.stem) or path.parent.name, []).append(path)
    return {split: paths for split, paths in splits.items() if paths}


def _saved(state: Path) -> list[Path]:
    """Return the files of a saved split; what else lies beside them is left over from its making."""
    try:
        named = [Path(entry["filename"]).name for entry in json.loads(state.read_bytes())["_data_files"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
    found = [state.with_name(name) for name in named]
    return [path for path in found if path.suffix == ".arrow" and path.is_file()]
