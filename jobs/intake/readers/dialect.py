"""Find out how a text table is written: what separates its columns and how quotes are escaped."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

# Stands for "no separator": a control character that no file contains once it is cleaned.
NO_SEPARATOR = "\x1f"

_SEPARATORS = (",", ";", "\t", "|")
_EXCEL_HINT = re.compile(r"""sep=(\t|[^\w\s"'\\])\r?\n?""", re.IGNORECASE)
_TITLE_SHARE = 0.9
_ROWS_BELOW_TITLE = 3
_MOST_TITLE_LINES = 20
_MISSHAPEN = 0.5


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to read a table: its separator, how many first lines are no part of it, and two habits with quotes."""

    separator: str
    skip: int = 0
    space_before_quote: bool = False
    backslash_quotes: bool = False


def dialect_of(sample: str, *, whole: bool) -> Dialect:
    """Return the dialect in which the lines of `sample` fit together best; `whole` if it is not cut off at its end."""
    hint = _EXCEL_HINT.match(sample)
    if hint:
        return _with_habits(hint.group(1), 1, sample)
    best, best_fit, skip = NO_SEPARATOR, 0.0, 0
    for separator in _SEPARATORS:
        fit, skipped = _fit(_rows(sample, separator, whole=whole))
        if fit > best_fit:
            best, best_fit, skip = separator, fit, skipped
    return _with_habits(best, skip, sample)


def _with_habits(separator: str, skip: int, sample: str) -> Dialect:
    mark = re.escape(separator)
    return Dialect(
        separator,
        skip,
        space_before_quote=re.search(rf'{mark} +"', sample) is not None,
        backslash_quotes=re.search(rf'\\"(?!"|{mark}|\r|\n|$)', sample) is not None,
    )


def _rows(sample: str, separator: str, *, whole: bool) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=separator))
    return rows if whole or len(rows) < 3 else rows[:-1]


def _fit(rows: list[list[str]]) -> tuple[float, int]:
    """Return how well the rows form one table (0: not at all), and how many title lines stand above it."""
    skip = _title_lines(rows)
    widths = [len(row) for row in rows[skip:] if row]
    if not widths or widths[0] < 2:
        return 0.0, 0
    width, count = Counter(widths).most_common(1)[0]
    share = count / len(widths)
    if width < 2 or (skip and (share < _TITLE_SHARE or len(widths) < _ROWS_BELOW_TITLE)):
        return 0.0, 0
    # Wider tables win among equally regular ones; a header of another width counts against a separator.
    return share * (1.0 if widths[0] == width else _MISSHAPEN) + min(width, 100) / 10_000, skip


def _title_lines(rows: list[list[str]]) -> int:
    """Count the lines above a table: blank ones and sentences. A single word is the name of a column, no title."""
    count = 0
    for row in rows[:_MOST_TITLE_LINES]:
        if len(row) > 1 or (row and len(row[0].split()) == 1):
            break
        count += 1
    return count
