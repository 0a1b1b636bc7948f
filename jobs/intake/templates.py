"""A role's text from one column or from several: “question”, or “{product}: {question}”."""

import re
from collections.abc import Callable, Sequence
from operator import itemgetter

from storage.errors import UserFault

Cells = Sequence[str]

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_BRACES = {"{{": "{", "}}": "}"}
_MOST_NAMED = 20


def column_called(name: str, columns: Sequence[str]) -> str | None:
    """Return the column with this name, whatever its capitals and spaces; the very same name wins."""
    wanted = " ".join(name.split())
    found = [column for column in columns if column.casefold() == wanted.casefold()]
    return wanted if wanted in found else next(iter(found), None)


def checked(wanted: str, columns: Sequence[str]) -> str:
    """Return the column, or the template as it is; raise UserFault, with the columns there are, for any other name."""
    return column_called(wanted, columns) or ("" if not wanted.strip() else _checked_template(wanted, columns))


def columns_in(wanted: str, columns: Sequence[str]) -> list[str]:
    """Return the columns that a column's name or a template stands for."""
    column = column_called(wanted, columns)
    if column is not None:
        return [column]
    named = (column_called(piece[1], columns) for piece in _PIECE.finditer(wanted) if piece[1] is not None)
    return [one for one in named if one is not None]


def filler(wanted: str, columns: Sequence[str]) -> Callable[[Cells], str]:
    """Return what makes the text of a row; where all columns of a template are empty, the text is too."""
    column = column_called(wanted, columns)
    if column is not None:
        return itemgetter(columns.index(column))
    pieces = _pieces(_checked_template(wanted, columns), columns)

    def filled(row: Cells) -> str:
        used = [row[piece] for piece in pieces if isinstance(piece, int)]
        if not any(cell.strip() for cell in used):
            return ""
        return "".join(piece if isinstance(piece, str) else row[piece] for piece in pieces)

    return filled


def _checked_template(template: str, columns: Sequence[str]) -> str:
    names = [piece[1] for piece in _PIECE.finditer(template) if piece[1] is not None]
    unknown = next((name for name in names or [template] if column_called(name, columns) is None), None)
    if unknown is None:
        return template
    listed = ", ".join(f"“{column}”" for column in columns[:_MOST_NAMED])
    raise UserFault(f"There is no column “{' '.join(unknown.split())}”.", f"Choose one of these columns: {listed}.")


def _pieces(template: str, columns: Sequence[str]) -> list[str | int]:
    """Return the template's words and, for each column in it, where the column stands."""
    pieces: list[str | int] = []
    end = 0
    for piece in _PIECE.finditer(template):
        pieces.append(template[end : piece.start()])
        name = piece[1]
        column = None if name is None else column_called(name, columns)
        pieces.append(_BRACES[piece[0]] if column is None else columns.index(column))
        end = piece.end()
    return [*pieces, template[end:]]
