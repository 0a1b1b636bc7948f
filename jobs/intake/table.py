"""A table as plain values, and the names of its columns made usable."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Table:
    """Names of columns and rows of texts, every row as long as `columns`; `notes` say in sentences what was mended."""

    columns: list[str]
    rows: list[list[str]]
    notes: list[str] = field(default_factory=list[str])


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
    return names, notes


def _free(name: str, taken: set[str]) -> str:
    number = 2
    candidate = name if name.startswith("column ") and name not in taken else f"{name} ({number})"
    while candidate in taken:
        number += 1
        candidate = f"{name} ({number})"
    return candidate
