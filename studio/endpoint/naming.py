"""Which names can be asked for as models, and the column that stands behind each."""

from dataclasses import replace

from jobs.answering.ways import WAYS, columns_for
from jobs.models.choosing import base_model
from jobs.models.door import ADAPTER
from jobs.models.servable import servable
from jobs.models.wire import ChatBody
from jobs.requests import Choices
from storage.records import Column
from storage.workspace import Workspace

WAY = "way:"
WAY_IDS = frozenset(way.id for way in WAYS)


def model_names(workspace: Workspace) -> list[str]:
    """Return the base, other models that can be asked, what they learned, the five ways, what the person put to use."""
    bases = list(dict.fromkeys((base_model(workspace.settings), *servable(workspace.settings).ids)))
    adapters = [f"{ADAPTER}{adapter.id}" for adapter in workspace.adapters.list() if adapter.base_id in bases]
    ways = [f"{WAY}{way.id}" for way in WAYS]
    return [*bases, *adapters, *ways, *(f"{WAY}{use.name}" for use in workspace.uses.list())]


def column_named(workspace: Workspace, name: str) -> Column:
    """Return the column behind `way:<name>`: a way with the newest of everything, or what was put to use.

    Raises NotFound.
    """
    if name in WAY_IDS:
        (column,) = columns_for(Choices(ways=(name,), model=base_model(workspace.settings)), workspace)
        return column
    return workspace.uses.get(name).column


def asked_of(column: Column, body: ChatBody, instruction: str) -> Column:
    """Return the column as this request asks it: what the request says goes before what the column holds."""
    said = {"temperature": body.temperature, "seed": body.seed, "max_tokens": body.longest()}
    told = body.model_fields_set
    named = {
        "temperature": "temperature" in told,
        "seed": body.seed is not None,
        "max_tokens": bool(told & {"max_tokens", "max_completion_tokens"}),
    }
    wanted = {name: value for name, value in said.items() if named[name]}
    return replace(column, **wanted, instruction=instruction or column.instruction)
