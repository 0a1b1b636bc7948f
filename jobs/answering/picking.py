"""Any set of columns: the five ways, the baselines, each trained model, collection or other base as one of its own."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace

from jobs.answering.ways import BASELINES, WAYS, columns_for
from jobs.models.servable import servable
from jobs.requests import Choices
from storage.errors import NotFound
from storage.records import Adapter, Column
from storage.workspace import Workspace

MOST_COLUMNS = 8
USUAL = tuple(way.id for way in WAYS)
# What another model is asked for as it came; its trained models have columns of their own.
_OF_OTHERS = ("base", "documents", "tools")
_LONGEST_ID = 64  # what the database has room for
# The same documents read by the same model, once in quotes and once in its own words, whatever is usual.
QUOTED, FREE = "documents-quoted", "documents-own-words"


def offered(model: str, workspace: Workspace, bases: Sequence[str] | None = None) -> list[Column]:
    """Return every column that can be asked, without what it will use by then but the parts that are its own.

    `bases` are the models that may answer, looked for unless told. Ids stay the same from question to question, so that
    follow-ups find their history and votes add up.
    """
    usual = [Column(way.id, way.id, model) for way in (*WAYS, *BASELINES)]
    here = servable(workspace.settings).ids if bases is None else bases
    others = [one for one in here if one != model] if model in here else []
    return [
        *usual,
        *_of_adapters(model, workspace),
        *(Column(of_model(way, other), way, other) for other in others for way in _OF_OTHERS),
        *(column for other in others for column in _of_adapters(other, workspace)),
        *_of_collections(model, workspace),
        *_of_wordings(model, workspace),
    ]


def there(ids: Collection[str], model: str, workspace: Workspace) -> dict[str, Column]:
    """Return those of these columns that can be asked, by id and in the order in which they are offered.

    Other models are looked for only where a column may be of one: another server has to be asked for them.
    """
    known = offered(model, workspace, bases=())
    if not {column.id for column in known} >= set(ids):
        known = offered(model, workspace)
    return {column.id: column for column in known if column.id in ids}


def of_its_base(adapter: Adapter) -> list[str]:
    """Return the ids of the five ways by the base of an adapter that rests, and by that adapter."""
    return [of_adapter(way.id, adapter.id) if way.adapter else of_model(way.id, adapter.base_id) for way in WAYS]


def of_model(way: str, model: str) -> str:
    """Return the id of a way's column by another base model."""
    whole = f"{way}-{model}"
    return whole if len(whole) <= _LONGEST_ID else f"{way}-{_short(model)}"


def of_adapter(way: str, adapter_id: str) -> str:
    """Return the id of a way's column by one adapter."""
    return f"{way}-{adapter_id[:8]}"


def picked(ids: Sequence[str], choices: Choices, workspace: Workspace) -> list[Column]:
    """Return the columns of these ids, in their order, ready to be asked; raise NotFound where one is gone."""
    known = there(ids, choices.model, workspace)
    if len(known) < len(set(ids)):
        raise NotFound("A column that was chosen is not there any more.", "Take it out under Columns, and ask again.")
    chosen = [known[column_id] for column_id in ids]
    usual = {model: _usual(model, chosen, choices, workspace) for model in {column.model for column in chosen}}
    return [_own(usual[column.model][column.way], column, choices, workspace) for column in chosen]


def _usual(model: str, chosen: Sequence[Column], choices: Choices, workspace: Workspace) -> dict[str, Column]:
    """Return the usual column of each way that is asked of a model; a chosen adapter belongs to one model only."""
    ways = tuple(dict.fromkeys(column.way for column in chosen if column.model == model))
    adapter_id = choices.adapter_id if model == choices.model else None
    told = choices.model_copy(update={"model": model, "ways": ways, "adapter_id": adapter_id})
    return {column.way: column for column in columns_for(told, workspace)}


def _own(usual: Column, own: Column, choices: Choices, workspace: Workspace) -> Column:
    """Return the usual column of a way with the parts that are this column's own."""
    if own.id == usual.id:
        return usual
    if own.adapter_id:
        told = {"model": own.model, "ways": (own.way,), "adapter_id": own.adapter_id}
        (usual,) = columns_for(choices.model_copy(update=told), workspace)
    return replace(
        usual,
        id=own.id,
        adapter_id=own.adapter_id or usual.adapter_id,
        collection=own.collection or usual.collection,
        quote=own.quote if own.id in {QUOTED, FREE} else usual.quote,
    )


def _of_adapters(model: str, workspace: Workspace) -> list[Column]:
    ids = [adapter.id for adapter in workspace.adapters.list() if adapter.base_id == model]
    return [Column(of_adapter(way, one), way, model, one) for way in ("tuned", "hybrid") for one in ids]


def _of_collections(model: str, workspace: Workspace) -> list[Column]:
    names = [collection.name for collection in workspace.collections.list()]
    return [Column(f"documents-{_short(name)}", "documents", model, collection=name) for name in names]


def _of_wordings(model: str, workspace: Workspace) -> list[Column]:
    if not workspace.collections.list():
        return []
    return [Column(name, "documents", model, quote=name == QUOTED) for name in (QUOTED, FREE)]


def _short(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]
