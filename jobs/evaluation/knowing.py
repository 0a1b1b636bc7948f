"""What a column knows when it is scored: the model, what that was trained on, what it reads, which tools it has."""

from collections.abc import Iterable
from typing import Any

from jobs.retrieval.rows import same_rows_as
from storage.errors import NotFound
from storage.records import Column, Json
from storage.workspace import Workspace

_REPORTED = ("base_id", "base_sha256", "adapter_sha256", "tensors_sha256", "index_version")


def known_to(column: Column, workspace: Workspace) -> Json:
    """Return the column's facts; raise NotFound where its adapter or its documents do not exist.

    `rows_of` names the examples whose training rows, and nothing else, the documents hold.
    """
    return {
        "model": column.model,
        "tools": list(column.tools),
        **_trained(column, workspace),
        **_read(column, workspace),
    }


def _trained(column: Column, workspace: Workspace) -> Json:
    if column.adapter_id is None:
        return {"adapter_id": None, "adapter": None, "examples": None}
    adapter = workspace.adapters.get(column.adapter_id)
    return {"adapter_id": adapter.id, "adapter": adapter.name, "examples": _examples(adapter.dataset_id, workspace)}


def _examples(dataset_id: str, workspace: Workspace) -> Json:
    try:
        dataset = workspace.datasets.get(dataset_id)
    except NotFound:
        return {"id": dataset_id, "name": None, "version": None}  # deleted since
    return {"id": dataset.id, "name": dataset.name, "version": dataset.version}


def _read(column: Column, workspace: Workspace) -> Json:
    if column.collection is None:
        return {"collection": None, "documents": 0, "rows_of": None}
    return {
        "collection": column.collection,
        "documents": len(workspace.collections.documents(column.collection)),
        "rows_of": same_rows_as(workspace, column.collection),
    }


def reported(provenances: Iterable[Json]) -> dict[str, list[Any]]:
    """Return what the model server and the search told with each answer: every value once, the first one first.

    More than one value means that something was changed in the middle of the scoring.
    """
    told = list(provenances)
    values = {key: [one[key] for one in told if one.get(key) is not None] for key in _REPORTED}
    return {key: list(dict.fromkeys(found)) for key, found in values.items()}
