"""Read the rows of a table as text: each row by itself, every cell after the name of its column."""

from collections.abc import Iterator
from pathlib import Path

from jobs.intake.encodings import encoding_of
from jobs.intake.readers.delimited import read_delimited
from jobs.intake.readers.spreadsheets import read_spreadsheet
from jobs.intake.sizes import refuse_large
from jobs.intake.table import Heading, Reader, usable_names
from jobs.retrieval.formats.seen import Seen, refuse_long, visible
from storage.errors import TooLarge, UnreadableFile

MOST_ROWS = 20_000
MOST_SHEETS = 100

_BETWEEN = "\n\n"
_LONGEST_TITLE = 80
_FEWER = "Keep the rows that are worth looking up, and add that file."


def read_text_table(path: Path, name: str) -> Seen:
    """Return the rows of a CSV or TSV file; raise UnreadableFile or TooLarge with a sentence."""
    refuse_large(path.stat().st_size, name)
    codec, note = encoding_of(path, name)
    heading, rows = _taken(read_delimited(path, name, codec), name)
    seen = Seen("", notes=[note] if note else [])
    _write(seen, heading, rows, "", name)
    return seen


def read_workbook(path: Path, name: str) -> Seen:
    """Return the rows of every visible sheet of an Excel or OpenDocument file; a sheet without a table is told."""
    refuse_large(path.stat().st_size, name)
    heading, rows = _taken(read_spreadsheet(path, name, None), name)
    sheets = heading.sheets
    if len(sheets) > MOST_SHEETS:
        raise TooLarge(f"{name} has {len(sheets):,} sheets; {MOST_SHEETS} are the most that are read here.", _FEWER)
    seen = Seen("")
    for sheet in sheets:
        title = sheet if len(sheets) > 1 else ""
        if sheet == heading.sheet:
            _write(seen, heading, rows, title, name)
            continue
        try:
            _write(seen, *_taken(read_spreadsheet(path, name, sheet), name), title, name)
        except UnreadableFile as fault:
            seen.notes.append(f"The sheet “{sheet}” was left out: {fault}")
    return seen


def _taken(reader: Reader, name: str) -> tuple[Heading, list[list[str]]]:
    """Return the whole table; raise TooLarge for more rows than can be looked up."""
    rows: list[list[str]] = []
    while True:
        try:
            rows.append(next(reader))
        except StopIteration as ended:
            return ended.value, rows
        if len(rows) > MOST_ROWS:
            raise TooLarge(f"{name} has more than {MOST_ROWS:,} rows, too many to be looked up.", _FEWER)


def _write(seen: Seen, heading: Heading, rows: list[list[str]], sheet: str, name: str) -> None:
    names = usable_names(heading.columns)[0]
    pieces, start = [seen.text], len(seen.text)
    for row in rows:
        cells = list(_cells(names, row, seen))
        if not cells:
            continue
        text = "\n".join(f"{column}: {cell}" for column, cell in cells)
        seen.rows.append((start, start + len(text), [*filter(None, (sheet, _title(cells[0][1])))]))
        pieces.append(text + _BETWEEN)
        start += len(pieces[-1])
        refuse_long(start, name)
    seen.text = "".join(pieces)


def _cells(names: list[str], row: list[str], seen: Seen) -> Iterator[tuple[str, str]]:
    for column, written in zip(names, row, strict=False):
        cell = "\n".join(filter(None, map(str.rstrip, visible(written, seen.hidden).strip().split("\n"))))
        if cell:
            yield column, cell


def _title(cell: str) -> str:
    line = " ".join(cell.split())
    return line if len(line) <= _LONGEST_TITLE else line[:_LONGEST_TITLE].rsplit(" ", 1)[0]
