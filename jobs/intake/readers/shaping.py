"""Take the names off the records of a text table as they come by, and name every line that does not fit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from jobs.intake.sizes import MOST_COLUMNS
from jobs.intake.table import Heading, Reader
from storage.errors import TooLarge, UnreadableFile

_NAMED_LINES = 5
_QUESTION_LENGTH = 30
_MARKS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_NO_ROWS = "Add rows with a question and an answer each, and upload the file again."
_BROKEN_LINE = "A line break inside a text? Put that text in quotes."

Row = tuple[int, list[str]]
"""A record with the number of the line that it begins on."""


def shaped(records: Iterable[Row], name: str, *, separator: str = "", titled: bool = False) -> Reader:
    """Give the rows below the names. `titled`: lines above the table were left out.

    Raises UnreadableFile where lines are wider than the names, and TooLarge for too many columns.
    """
    rows = iter(records)
    first = next(rows, None)
    if first is None:
        raise UnreadableFile(f"{name} has no rows.", _NO_ROWS)
    second = next(rows, None)
    notes = [f"The table begins on line {first[0]}; what stands above it was left out."] if titled else []
    header, body = first[1], chain([second] if second else [], rows)
    named = not _is_data(header, second[1] if second else [])
    if not named:
        header, body = [""] * len(header), chain([first], body)
        notes.append("The first line looks like a row and not like names, so the columns are numbered.")
    elif second is None:
        raise UnreadableFile(f"{name} has names of columns and no rows below them.", _NO_ROWS)
    widths = _Widths(header)
    yield from widths.watched(body)
    used = widths.used(separator)
    if used > MOST_COLUMNS:
        raise TooLarge(f"The table has {used:,} columns; {MOST_COLUMNS} are the most that are read here.")
    return Heading((header + [""] * (used - len(header)))[:used], notes + widths.notes(used))


def _is_data(header: list[str], second: list[str]) -> bool:
    """Tell a first row from names: it holds a whole question, counts 1, 2 with the next row, or has no letter."""
    if any(len(cell) >= _QUESTION_LENGTH and cell.rstrip().endswith("?") for cell in header):
        return True
    if second and header[0].strip() == "1" and second[0].strip() == "2":
        return True
    text = "".join(header)
    return bool(text.strip()) and not any(letter.isalpha() for letter in text)


@dataclass(slots=True)
class _Lines:
    """How many lines are alike, and the first few of their numbers."""

    count: int = 0
    numbers: list[int] = field(default_factory=list[int])

    def add(self, number: int) -> None:
        self.count += 1
        if len(self.numbers) <= _NAMED_LINES:
            self.numbers.append(number)


class _Widths:
    """Counts lines by their width while they pass."""

    def __init__(self, header: list[str]) -> None:
        self._header = header
        self._lines: dict[int, _Lines] = {}
        self._wide: dict[int, _Lines] = {}
        self._filled = filled(header)
        self._count = 0

    def watched(self, records: Iterable[Row]) -> Iterator[list[str]]:
        for line, row in records:
            self._count += 1
            known = self._lines.get(len(row))
            if known is None:
                known = self._lines[len(row)] = _Lines()
            known.add(line)
            if len(row) > self._filled or len(row) > len(self._header):
                self._note(line, row)
            yield row

    def _note(self, line: int, row: list[str]) -> None:
        width = filled(row)
        self._filled = max(self._filled, width)
        if width > len(self._header):
            self._wide.setdefault(len(row), _Lines()).add(line)

    def used(self, separator: str) -> int:
        """Return how many columns the table has, without empty ones at its end that have no name."""
        if len(self._lines) > 1 and self._wide:
            self._refuse(separator)
        return self._filled

    def _refuse(self, separator: str) -> None:
        lines = sorted((number, width) for width, wide in self._wide.items() for number in wide.numbers)
        line, cells = lines[0]
        others = _Lines(sum(wide.count for wide in self._wide.values()) - 1, [number for number, _ in lines[1:]])
        too = f" {_said(others)} too many as well." if others.count else ""
        mark = _MARKS.get(separator, "separator")
        raise UnreadableFile(
            f"Line {line} has {cells} columns, the others {len(self._header)}.{too}",
            f"A {mark} inside a text? Put that text in quotes, save the file and upload it again.",
        )

    def notes(self, used: int) -> list[str]:
        """Say which lines are shorter than the others, unless all are."""
        short = [lines for width, lines in self._lines.items() if width < used]
        all_short = _Lines(
            sum(lines.count for lines in short), sorted(number for lines in short for number in lines.numbers)
        )
        if not 0 < all_short.count < self._count:
            return []
        missing = "fewer columns than the others; what is missing was read as empty."
        return [f"{_said(all_short)} {missing} {_BROKEN_LINE}"]


def filled(row: list[str]) -> int:
    """Return the length of the row without the empty cells at its end."""
    return next((index for index in range(len(row), 0, -1) if row[index - 1].strip()), 0)


def _said(lines: _Lines) -> str:
    """Say "Line 3 has" or "Lines 3, 5 and 12 more have"."""
    shown = ", ".join(map(str, lines.numbers[:_NAMED_LINES]))
    more = f" and {lines.count - _NAMED_LINES} more" if lines.count > _NAMED_LINES else ""
    return f"Line {shown} has" if lines.count == 1 else f"Lines {shown}{more} have"
