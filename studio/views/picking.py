"""The columns that can be asked, as choices and as one line."""

from collections.abc import Mapping, Sequence

from storage.records import Column
from studio.views import markdown
from studio.views.places import named

Choice = tuple[str, str]


def titles(columns: Sequence[Column], adapters: Mapping[str, str]) -> dict[str, str]:
    """Return how each column is called, by id; `adapters` are the names of trained models by id."""
    return {column.id: named(column, adapters).heading for column in columns}


def choices(titles: Mapping[str, str], ids: Sequence[str]) -> list[Choice]:
    """Return columns as choices."""
    return [(titles[column_id], column_id) for column_id in ids]


def now(titles: Mapping[str, str], ids: Sequence[str]) -> str:
    """Return the columns in their order, as one line."""
    return " · ".join(f"{number} {markdown.plain(titles[column_id])}" for number, column_id in enumerate(ids, 1))
