"""Tables as text that spreadsheets open, in which no cell can be taken for a formula."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


class _Line:
    """Gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(names: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the table line by line, names first. Encode it as `utf-8-sig`: its mark lets spreadsheets read letters."""
    # Every text is quoted: some spreadsheets take a semicolon for the beginning of the next cell.
    writer = csv.writer(_Line(), quoting=csv.QUOTE_NONNUMERIC)
    yield writer.writerow([harmless(name) for name in names])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: object) -> object:
    """Return the cell with a leading quote where a spreadsheet would run it; numbers stay numbers."""
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
