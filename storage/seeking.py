"""Which texts hold what a person looks for, in capitals or not, on either kind of database."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal, or_

FOLDED = "casefolded"  # how SQLite calls `str.casefold`: its own `lower` knows English letters only


def holding(connection: Connection, sought: str, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether one of the columns holds the text; no sign in it has a meaning of its own."""
    sqlite = connection.dialect.name == "sqlite"
    fold, place = (getattr(func, FOLDED), func.instr) if sqlite else (func.lower, func.strpos)
    wanted = fold(literal(sought.replace("\0", "")))
    return or_(*(place(fold(column), wanted) > 0 for column in columns))
