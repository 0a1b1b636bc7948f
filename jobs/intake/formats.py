"""From an uploaded file, a pasted text or a folder to a table: parsed in a limited child, whatever is in it."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jobs.intake.limited import run_limited
from jobs.intake.rows import StoredRows
from jobs.intake.sizes import refuse_large
from jobs.intake.table import Table

_PASTED = "What you pasted"


def read_table(path: Path, name: str, sheet: str | None = None) -> Table:
    """Return the table in the uploaded file `path`, which the person knows as `name`.

    `sheet` chooses among several tables in it, by default the first that holds texts. Raises UnreadableFile or TooLarge
    with a sentence that names the problem, and the line where there is one; NotFound where there is no such sheet.
    """
    if path.is_file():
        refuse_large(path.stat().st_size, name)
    pieces = run_limited("jobs.intake.readers.reading:pieces_of", str(path.resolve()), name, sheet, name=name)
    known: dict[str, Any] = pieces[-1]
    rows = StoredRows(pieces, known.pop("rows"), len(known["columns"]))
    return Table(rows=rows, **known)


def read_pasted(text: str) -> Table:
    """Return the table in a text that was copied from a spreadsheet; raises what `read_table` raises."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pasted"
        path.write_bytes(text.encode(errors="replace"))
        return read_table(path, _PASTED)
