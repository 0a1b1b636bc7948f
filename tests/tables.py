"""Read a file as the limited child does, but in this process: quick, and with the traceback where something breaks."""

from pathlib import Path

from jobs.intake.readers.reading import pieces_of
from jobs.intake.rows import StoredRows
from jobs.intake.table import Table


def table_of(path: Path, name: str = "", sheet: str | None = None) -> Table:
    """Return the table in the file."""
    *pieces, known = pieces_of(str(path), name or path.name, sheet)
    return Table(rows=list(StoredRows(pieces, known.pop("rows"), len(known["columns"]))), **known)
