"""Bring the records of a text table to one width, find its names, and name every line that does not fit."""

from collections import Counter

from jobs.intake.dialect import Dialect
from jobs.intake.table import Table, usable_names
from storage.errors import TooLarge, UnreadableFile

MOST_COLUMNS = 256

_NAMED_LINES = 5
_QUESTION_LENGTH = 30
_MARKS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_NO_ROWS = "Add rows with a question and an answer each, and upload the file again."
_BROKEN_LINE = "A line break inside a text? Put that text in quotes."

Row = tuple[int, list[str]]
"""A record with the number of the line that it begins on."""


def shaped(rows: list[Row], dialect: Dialect, name: str) -> Table:
    """Take the header off the records of a file and bring all rows to one width."""
    if not rows:
        raise UnreadableFile(f"{name} has no rows.", _NO_ROWS)
    notes = [f"The table begins on line {rows[0][0]}; what stands above it was left out."] if dialect.skip else []
    header = rows[0][1]
    if _is_data(header, rows[1][1] if len(rows) > 1 else []):
        header = [""] * len(header)
        notes.append("The first line looks like a row and not like names, so the columns are numbered.")
    else:
        rows = rows[1:]
    if not rows:
        raise UnreadableFile(f"{name} has names of columns and no rows below them.", _NO_ROWS)
    body, more_notes = _one_width(header, rows, dialect)
    names, name_notes = usable_names(body[0])
    numbered = not any(header)
    return Table(names, body[1:], notes + more_notes + ([] if numbered else name_notes))


def _is_data(header: list[str], second: list[str]) -> bool:
    """Tell a first row from names: it holds a whole question, counts 1, 2 with the next row, or has no letter."""
    if any(len(cell) >= _QUESTION_LENGTH and cell.rstrip().endswith("?") for cell in header):
        return True
    if second and header[0].strip() == "1" and second[0].strip() == "2":
        return True
    text = "".join(header)
    return bool(text.strip()) and not any(letter.isalpha() for letter in text)


def _one_width(header: list[str], rows: list[Row], dialect: Dialect) -> tuple[list[list[str]], list[str]]:
    """Return header and rows with equally many cells; empty columns without a name at the end are dropped."""
    widths = Counter(len(row) for _, row in rows)
    width = len(header)
    if len(widths) == 1:
        width = max(width, *widths)
    _refuse_wide_rows(rows, width, dialect)
    if width > MOST_COLUMNS:
        raise TooLarge(f"The table has {width:,} columns; {MOST_COLUMNS} are the most that are read here.")
    used = max(_filled(header), max(_filled(row) for _, row in rows))
    short = [line for line, row in rows if len(row) < used]
    table = [(row + [""] * (used - len(row)))[:used] for row in (header, *(row for _, row in rows))]
    note = f"{_lines(short)} fewer columns than the others; what is missing was read as empty. {_BROKEN_LINE}"
    return table, [note] if short and len(short) < len(rows) else []


def _filled(row: list[str]) -> int:
    """Return the length of the row without the empty cells at its end."""
    return next((index for index in range(len(row), 0, -1) if row[index - 1].strip()), 0)


def _refuse_wide_rows(rows: list[Row], width: int, dialect: Dialect) -> None:
    wide = [(line, len(row)) for line, row in rows if any(cell.strip() for cell in row[width:])]
    if not wide:
        return
    line, cells = wide[0]
    others = f" {_lines([line for line, _ in wide[1:]])} too many as well." if len(wide) > 1 else ""
    mark = _MARKS.get(dialect.separator, "separator")
    raise UnreadableFile(
        f"Line {line} has {cells} columns, the others {width}.{others}",
        f"A {mark} inside a text? Put that text in quotes, save the file and upload it again.",
    )


def _lines(numbers: list[int]) -> str:
    """Say "Line 3 has" or "Lines 3, 5 and 12 more have"."""
    shown = ", ".join(map(str, numbers[:_NAMED_LINES]))
    more = f" and {len(numbers) - _NAMED_LINES} more" if len(numbers) > _NAMED_LINES else ""
    return f"Line {shown} has" if len(numbers) == 1 else f"Lines {shown}{more} have"
