"""Find cells far from all others in a spreadsheet before a reader makes room for everything in between.

Only cells that say where they are can be found; for others the limits of the child are left.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zipfile import ZipFile

from jobs.intake.readers.archives import chunks
from jobs.intake.sizes import MOST_COLUMNS
from storage.errors import TooLarge

MOST_CELLS = 10_000_000

_MOST_SHEET_ROWS = 1_000_000
_LONGEST_TAG = 64 * 1024
_SMALLER = "Delete everything outside the table, or save the table as CSV UTF-8, and upload that file."

# A cell of Excel that holds something; `<c …/>` is an empty one that has a format only.
_EXCEL_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^<>]*?\s)?r\s*=\s*["']([A-Za-z]+)(\d+)["'][^<>]*(?<!/)>""")
_OPEN_DOCUMENT = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)\b([^<>]*)>")
_REPEATED = re.compile(rb"""table:number-(?:rows|columns)-repeated\s*=\s*["'](\d{1,12})["']""")


def refuse_far_cells(archive: ZipFile, name: str) -> None:
    """Read every member to its end and raise TooLarge where the used part of a sheet is too large."""
    for member in archive.infolist():
        pieces = _whole_tags(chunks(archive, member))
        if member.filename == "content.xml":
            _refuse_in_open_document(pieces, name)
        else:
            _refuse_in_excel(pieces, name)


def _whole_tags(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the text cut where no tag is open, so that no cell is overlooked at a cut."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        begin = text.rfind(b"<")
        cut = begin if 0 <= len(text) - begin < _LONGEST_TAG and text.find(b">", begin) < 0 else len(text)
        yield text[:cut]
        rest = text[cut:]
    yield rest


def _refuse_in_excel(pieces: Iterable[bytes], name: str) -> None:
    columns = rows = 0
    for piece in pieces:
        cells = _EXCEL_CELL.findall(piece)
        if not cells:
            continue
        columns = max(columns, *map(_column, {letters for letters, _ in cells}))
        rows = max(rows, *(int(digits[:12]) for _, digits in cells))
        _refuse(columns, rows, columns * rows, name)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4].upper():
        number = number * 26 + letter - 64
    return number


@dataclass(slots=True)
class _Place:
    """Where in a sheet the reading stands, and the cells that its filled rows need."""

    rows: int = 0
    repeated: int = 1
    column: int = 0
    used: int = 0
    cells: int = 0

    def end_row(self) -> None:
        self.rows += self.repeated
        self.cells += self.repeated * self.used
        self.column = self.used = 0


def _refuse_in_open_document(pieces: Iterable[bytes], name: str) -> None:
    place = _Place()
    widest = 0
    for piece in pieces:
        for tag in _OPEN_DOCUMENT.finditer(piece):
            kind, attributes = tag.groups()
            found = _REPEATED.search(attributes)
            repeated = int(found[1]) if found else 1
            if kind == b"table":
                place, widest = _Place(), 0
            elif kind == b"table-row":
                place.end_row()
                place.repeated = repeated
            else:
                place.column += repeated
                if not attributes.endswith(b"/"):
                    place.used = place.column
                    widest = max(widest, place.used)
                    _refuse(widest, place.rows + place.repeated, widest * (place.rows + place.repeated), name)


def _refuse(columns: int, rows: int, cells: int, name: str) -> None:
    if columns > MOST_COLUMNS:
        raise TooLarge(f"{name} has a text in column {columns:,}; {MOST_COLUMNS} columns are read here.", _SMALLER)
    if rows > _MOST_SHEET_ROWS:
        raise TooLarge(f"{name} has a text in row {rows:,}; {_MOST_SHEET_ROWS:,} rows are read here.", _SMALLER)
    if cells > MOST_CELLS:
        raise TooLarge(f"{name} has a sheet of {rows:,} rows and {columns:,} columns, mostly empty.", _SMALLER)
