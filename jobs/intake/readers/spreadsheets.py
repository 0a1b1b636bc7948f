"""Read a sheet of an Excel or OpenDocument file as rows of texts, as the sheet shows them."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from jobs.intake.readers.archives import opened
from jobs.intake.readers.far_cells import refuse_far_cells
from jobs.intake.readers.shaping import Row, shaped
from jobs.intake.readers.sheets import chosen
from jobs.intake.table import Reader
from storage.errors import UnreadableFile

_LOOKED_AT = 50
_MOST_TITLE_LINES = 20
_SAVE_AGAIN = "Open it, save it again and upload the new file."
_ADD_ROWS = "Add rows with a question and an answer each, and upload the file again."


def read_spreadsheet(path: Path, name: str, sheet: str | None) -> Reader:
    """Give the rows of the sheet called `sheet`, by default of the first one that holds a table of texts.

    Raises UnreadableFile or TooLarge with a sentence, and NotFound where no sheet has this name.
    """
    with opened(path, name) as archive:
        refuse_far_cells(archive, name)
    try:
        book = CalamineWorkbook.from_path(str(path))
        found = _sheet(book, name, sheet)
        records = list(islice(_records(found), _MOST_TITLE_LINES + 1))
        titles = _titles(records)
        merged = _Merged(found, after=records[titles][0] if records else 0)
        rows = merged.filled(islice(_records(found), titles, None))
        heading = yield from shaped(rows, name, titled=titles > 0)
    except PasswordError as error:
        raise UnreadableFile(
            f"{name} is locked with a password.", "Save a copy without a password and upload it."
        ) from error
    except (CalamineError, ValueError, OSError) as error:
        raise UnreadableFile(f"{name} is damaged: its sheets can't be read.", _SAVE_AGAIN) from error
    heading.notes += merged.notes
    heading.sheets, heading.sheet = _names(book), found.name
    return heading


def _names(book: CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _sheet(book: CalamineWorkbook, name: str, wanted: str | None) -> CalamineSheet:
    names = _names(book)
    if wanted is not None:
        return book.get_sheet_by_name(chosen(wanted, names, name))
    with_rows = None
    for one in names:
        sheet = book.get_sheet_by_name(one)
        rows = list(islice(_records(sheet), _LOOKED_AT))
        if _holds_texts(rows):
            return sheet
        with_rows = with_rows or (sheet if rows else None)
    if with_rows is None:
        raise UnreadableFile(f"{name} is empty: no sheet has a row.", _ADD_ROWS)
    return with_rows


def _holds_texts(records: list[Row]) -> bool:
    """Tell a table from a cover sheet: below its names stand rows of two cells and more, and some letters."""
    below = [row for _, row in records[1:] if sum(bool(cell.strip()) for cell in row) > 1]
    return any(letter.isalpha() for row in below for cell in row for letter in cell)


def _records(sheet: CalamineSheet) -> Iterator[Row]:
    """Yield the rows that hold anything, each with its number in the sheet."""
    first = sheet.start[0] + 1 if sheet.start else 1
    for number, cells in enumerate(sheet.iter_rows(), first):
        row = [cell if isinstance(cell, str) else _text(cell) for cell in cells]
        if any(row):
            yield number, row


def _titles(records: list[Row]) -> int:
    """Count the sentences above a table. A single word is the name of a column, no title."""
    texts = [[cell for cell in row if cell.strip()] for _, row in records]
    count = 0
    while count < len(texts) and len(texts[count]) == 1 and len(texts[count][0].split()) > 1:
        count += 1
    return count if any(len(row) > 1 for row in texts[count:]) else 0


def _text(cell: Any) -> str:
    match cell:
        case bool():
            return str(cell).upper()
        case float():
            return f"{cell:.15g}"  # as many digits as a spreadsheet shows; more are noise of its arithmetic
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


class _Merged:
    """Gives cells that are merged downwards the text of the first of them, as the sheet shows it."""

    def __init__(self, sheet: CalamineSheet, after: int) -> None:
        begin = sheet.start or (0, 0)
        self._until = {
            (top + 1, left - begin[1]): bottom + 1
            for (top, left), (bottom, _) in sheet.merged_cell_ranges or []
            if bottom > top >= after
        }
        self._open: dict[int, tuple[int, str]] = {}
        self.notes: list[str] = []

    def filled(self, records: Iterable[Row]) -> Iterator[Row]:
        for number, row in records:
            for column, (until, text) in list(self._open.items()):
                if number > until:
                    del self._open[column]
                elif not row[column]:
                    row[column] = text
                    self.notes = ["Merged cells were read as the same text in each of their rows."]
            for column, text in enumerate(row) if self._until else ():
                if (number, column) in self._until:
                    self._open[column] = self._until[number, column], text
            yield number, row
