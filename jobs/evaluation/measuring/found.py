"""What is known of each column of a score from all that was ever measured."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jobs.evaluation.scored_columns import columns_of, fingerprint
from storage.measurements import Measurement
from storage.records import Json, Scorecard


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one column in one row: the cell, when, and which kinds of jobs ran beside it."""

    cell: Json
    at: float
    beside: tuple[str, ...] = ()


def found_of(card: Scorecard, measurements: Iterable[Measurement]) -> dict[str, dict[str, Found]]:
    """Return the newest finding of each row and column, by row and column id; `measurements` come newest first.

    What was measured beside another score counts for a column that has the same way, model, adapter, documents and
    tools.
    """
    told: dict[str, dict[str, Found]] = {}
    alike = {column.id: fingerprint(column) for column in columns_of(card)}
    for one in measurements:
        for column_id, of in alike.items():
            cell = _cell(one.columns, column_id, of)
            if cell is not None:
                told.setdefault(one.row, {}).setdefault(column_id, Found(cell, one.at, one.beside))
    return told


def as_document(found: Mapping[str, Mapping[str, Found]]) -> Json:
    """Return the findings as they are written into a file: by row and column id, each with when it was measured."""
    return {
        row: {
            column_id: {**one.cell, "measured_at": one.at, "beside": list(one.beside)}
            for column_id, one in columns.items()
        }
        for row, columns in found.items()
    }


def _cell(columns: Mapping[str, Json], column_id: str, of: list[object]) -> Json | None:
    same = [cell for cell in columns.values() if cell["of"] == of]
    return columns[column_id] if columns.get(column_id) in same else next(iter(same), None)
