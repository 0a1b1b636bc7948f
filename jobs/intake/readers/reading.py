"""From a file to the pieces of a table, by what its bytes are: the part of `formats` that runs in the limited child."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from jobs.intake.encodings import encoding_of
from jobs.intake.readers.content import kind_of, kind_of_text
from jobs.intake.readers.delimited import read_delimited
from jobs.intake.readers.json_files import read_json
from jobs.intake.readers.packed import unpacked
from jobs.intake.readers.sheets import chosen
from jobs.intake.rows import ROWS_A_PIECE
from jobs.intake.sizes import MOST_ROWS
from jobs.intake.table import Heading, Reader, usable_names
from storage.errors import TooLarge, UnreadableFile

# Named and not imported: most files are text, and these readers bring large libraries.
_READERS = {
    "spreadsheet": "jobs.intake.readers.spreadsheets:read_spreadsheet",
    "parquet": "jobs.intake.readers.columnar:read_parquet",
    "folder": "jobs.intake.readers.folders:read_folder",
}
_ADD_ROWS = "Add rows with a question and an answer each, and upload the file again."


def pieces_of(path: str, name: str, sheet: str | None = None) -> Iterator[Any]:
    """Yield the rows in pieces of ROWS_A_PIECE, and at last what is known of the whole table.

    Raises UnreadableFile, TooLarge or NotFound with a sentence that names the problem.
    """
    read = _Read(_reader(Path(path), name, sheet))
    rows, count = iter(read), 0
    while piece := list(islice(rows, ROWS_A_PIECE)):
        count += len(piece)
        if count > MOST_ROWS:
            raise TooLarge(f"{name} has more than {MOST_ROWS:,} rows.")
        yield piece
    if not count or not read.heading.columns:
        raise UnreadableFile(f"{name} has no rows.", _ADD_ROWS)
    if sheet is not None and not read.heading.sheets:
        chosen(sheet, [], name)
    yield {**_named(read.heading), "rows": count}


class _Read:
    """The rows of a reader; its heading once they have been taken."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.heading = Heading([])

    def __iter__(self) -> Iterator[list[str]]:
        self.heading = yield from self._reader


def _reader(path: Path, name: str, sheet: str | None) -> Reader:
    kind = "folder" if path.is_dir() else kind_of(path, name)
    if kind == "zip":
        return _packed(path, name, sheet)
    if kind in _READERS:
        module, _, function = _READERS[kind].partition(":")
        read: Callable[[Path, str, str | None], Reader] = getattr(import_module(module), function)
        return read(path, name, sheet)
    return _text(path, name, sheet)


def _packed(path: Path, name: str, sheet: str | None) -> Reader:
    with unpacked(path, name) as (file, shown):
        if kind_of(file, shown) in {"zip", "spreadsheet"}:
            raise UnreadableFile(f"{shown} is packed once more.", "Unpack it and upload the file that is inside.")
        return (yield from _reader(file, shown, sheet))


def _text(path: Path, name: str, sheet: str | None) -> Reader:
    codec, note = encoding_of(path, name)
    if kind_of_text(path, name, codec) == "json":
        heading = yield from read_json(path, name, codec, sheet)
    else:
        heading = yield from read_delimited(path, name, codec)
    heading.notes = [note, *heading.notes] if note else heading.notes
    return heading


def _named(heading: Heading) -> dict[str, Any]:
    names, notes = usable_names(heading.columns)
    if any(heading.columns):
        heading.notes += notes
    return {**asdict(heading), "columns": names}
