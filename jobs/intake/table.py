"""A table as plain values, and the names of its columns made usable."""

from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

_LONGEST_NAME = 120
_MOST_NOTES = 5


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Names of columns and rows of texts, every row as long as `columns`; `notes` say in sentences what was mended.

    A file may hold several tables: `sheets` are their names and `sheet` is the one that was read; both are empty where
    a file holds but one. Rows may lie in a file: count them, take them by number or slice, go through them repeatedly.
    """

    columns: list[str]
    rows: Sequence[list[str]]
    notes: list[str] = field(default_factory=list[str])
    sheets: list[str] = field(default_factory=list[str])
    sheet: str = ""


@dataclass(slots=True)
class Heading:
    """What is known of a table once its rows have been read; the names are not yet told apart."""

    columns: list[str]
    notes: list[str] = field(default_factory=list[str])
    sheets: list[str] = field(default_factory=list[str])
    sheet: str = ""


Reader = Generator[list[str], None, Heading]
"""Gives the rows of a table one by one, some shorter or longer than the heading that it returns at its end."""


def usable_names(header: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the header with blank names filled in and repeated names told apart, and notes that say so."""
    cleaned = [" ".join(name.split())[:_LONGEST_NAME] for name in header]
    taken = set(cleaned)
    seen: Counter[str] = Counter()
    names: list[str] = []
    notes: list[str] = []
    for position, name in enumerate(cleaned, 1):
        seen[name] += 1
        if name and seen[name] == 1:
            names.append(name)
            continue
        new = _free(name or f"column {position}", taken)
        taken.add(new)
        names.append(new)
        why = f"Another column is called “{name}” too" if name else f"Column {position} has no name"
        notes.append(f"{why}; it is called “{new}” here.")
    more = len(notes) - _MOST_NOTES
    return names, notes if more <= 0 else [*notes[:_MOST_NOTES], f"{more} more columns got a name of their own."]


def _free(name: str, taken: set[str]) -> str:
    number = 2
    candidate = name if name.startswith("column ") and name not in taken else f"{name} ({number})"
    while candidate in taken:
        number += 1
        candidate = f"{name} ({number})"
    return candidate
