"""The columns that can be asked, as choices and as one line."""

from collections.abc import Mapping, Sequence

from jobs.models.servable import Servable
from storage.records import Column
from studio.views import markdown
from studio.views.places import named
from studio.wording import picking as words

Choice = tuple[str, str]


def titles(columns: Sequence[Column], names: Mapping[str, str]) -> dict[str, str]:
    """Return how each column is called, by id; `names` are those of models and of what they learned, by id."""
    return {column.id: named(column, names).heading for column in columns}


def choices(titles: Mapping[str, str], ids: Sequence[str]) -> list[Choice]:
    """Return columns as choices."""
    return [(titles[column_id], column_id) for column_id in ids]


def now(titles: Mapping[str, str], ids: Sequence[str]) -> str:
    """Return the columns in their order, as one line."""
    return " · ".join(f"{number} {markdown.plain(titles[column_id])}" for number, column_id in enumerate(ids, 1))


def of_other_models(url: str | None, model: str, bases: Servable) -> str:
    """Return why there are no columns of other models where another server answers, at `url`; else nothing."""
    known = model in bases.ids
    if url is None or (known and len(bases.ids) > 1):
        return ""
    return words.no_others(markdown.plain(bases.problem) or words.one_model(markdown.plain(model), known=known))
