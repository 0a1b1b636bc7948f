"""From an uploaded file to a table: what it is by its bytes, its encoding, its rows. Parsed in a limited child."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jobs.intake.content import refuse_what_is_no_table
from jobs.intake.delimited import read_delimited
from jobs.intake.encodings import encoding_of
from jobs.intake.limited import run_limited
from jobs.intake.table import Table
from storage.errors import TooLarge

MOST_BYTES = 50 * 1024 * 1024

_ROWS_A_PIECE = 1000


def read_table(path: Path, name: str) -> Table:
    """Return the table in the uploaded file `path`, which the person knows as `name`.

    Raises UnreadableFile or TooLarge with a sentence that names the problem, and the line where there is one.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise TooLarge(f"{name} has {size / 1024**2:.0f} MB; {MOST_BYTES // 1024**2} MB is the most for one file.")
    first, *pieces = run_limited("jobs.intake.formats:pieces_of", str(path.resolve()), name, name=name)
    return Table(first["columns"], [row for piece in pieces for row in piece], first["notes"])


def pieces_of(path: str, name: str) -> Iterator[Any]:
    """Yield the table's columns and notes, then its rows in pieces: the part of `read_table` that runs in the child."""
    file = Path(path)
    refuse_what_is_no_table(file, name)
    codec, note = encoding_of(file, name)
    table = read_delimited(file, name, codec)
    yield {"columns": table.columns, "notes": [note, *table.notes] if note else table.notes}
    for start in range(0, len(table.rows), _ROWS_A_PIECE):
        yield table.rows[start : start + _ROWS_A_PIECE]
