"""Scored again, the same questions are asked, each way with the newest of what it uses."""

import pytest

from jobs.evaluation.again import again
from jobs.queue import Queue
from jobs.requests import Evaluate
from storage.errors import NotFound
from storage.records import Column, Scorecard
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.claimed import claimed_context
from tests.documents import put_documents


def card_of(job_id: str, columns: tuple[Column, ...]) -> Scorecard:
    ways = tuple(
        {
            "way": one.way,
            "column_id": one.id,
            "model": one.model,
            "adapter_id": one.adapter_id,
            "collection": one.collection,
            "tools": list(one.tools),
        }
        for one in columns
    )
    return Scorecard("c", job_id, "test.csv", ways, "", 0.0)


def test_each_way_takes_the_newest_of_its_parts_and_keeps_what_was_chosen(workspace: Workspace) -> None:
    queue = Queue(workspace.database, workspace.clock)
    put_documents(workspace, {"a.md": "One."}, "Chosen")
    old = keep_adapter(workspace, "Old").id
    columns = (
        Column("tuned", "tuned", adapter_id=old, max_tokens=50),
        Column("tuned-2", "tuned", adapter_id=old),
        Column("documents", "documents", collection="Chosen"),
        Column("hybrid", "hybrid", adapter_id=old, collection="Gone", tools=("gone",)),
    )
    asked = Evaluate(source="uploads/test.csv", name="test.csv", columns=columns)
    job = claimed_context(workspace, asked).job
    new = keep_adapter(workspace, "New").id
    put_documents(workspace, {"b.md": "Two."}, "Newest")
    request = again(card_of(job.id, columns), workspace, queue)
    assert (request.source, request.name) == (asked.source, asked.name)
    assert [(one.id, one.adapter_id, one.collection) for one in request.columns] == [
        ("tuned", new, None),
        ("tuned-2", old, None),
        ("documents", None, "Chosen"),
        ("hybrid", new, "Newest"),
    ]
    assert request.columns[0].max_tokens == 50
    assert request.columns[3].tools == ("calculator", "date_and_time", "read_aloud", "convert_units")


def test_what_is_not_known_any_more_can_not_be_asked(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        again(card_of("gone", ()), workspace, Queue(workspace.database, workspace.clock))
