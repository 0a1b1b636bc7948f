"""The request to score the same questions once more, each column with the newest of what its way uses."""

from dataclasses import replace

from jobs.answering.ways import columns_for
from jobs.evaluation.scored_columns import columns_of
from jobs.queue import Queue
from jobs.requests import Choices, Evaluate
from storage.errors import NotFound
from storage.records import Column, Scorecard
from storage.workspace import Workspace


def again(card: Scorecard, workspace: Workspace, queue: Queue) -> Evaluate:
    """Return the request; raise NotFound where it is not known any more what was asked.

    A column that was added beside the five, by a trained model of its own, keeps that model.
    """
    asked = Evaluate.model_validate(queue.get(card.job_id).spec)
    columns = {column.id: column for column in asked.columns}
    newest = [_newest(columns.get(one.id, one), workspace) for one in columns_of(card)]
    return asked.model_copy(update={"columns": tuple(newest)})


def _newest(column: Column, workspace: Workspace) -> Column:
    (now,) = columns_for(Choices(model=column.model, ways=(column.way,)), workspace)
    own = column.id != column.way
    return replace(
        column,
        adapter_id=column.adapter_id if own else now.adapter_id,
        collection=column.collection if _has(workspace, column.collection) else now.collection,
        tools=now.tools,
    )


def _has(workspace: Workspace, collection: str | None) -> bool:
    try:
        return collection is not None and bool(workspace.collections.documents(collection))
    except NotFound:
        return False
