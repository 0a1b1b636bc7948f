"""How base models and what they have learned are called, by id, wherever columns are named."""

from collections.abc import Iterable

from jobs.models.own import known_models
from storage.records import Column
from storage.workspace import Workspace


def names_in(workspace: Workspace, columns: Iterable[Column]) -> dict[str, str]:
    """Return the titles of the models and the names of the adapters that these columns use, by their ids.

    Adapters that were deleted since are among them; a model that nobody knows here is not.
    """
    used = list(columns)
    models, known = {column.model for column in used}, known_models(workspace.settings.models)
    adapters = workspace.adapters.names([column.adapter_id for column in used if column.adapter_id])
    return {model: known[model].title for model in models if model in known} | adapters
