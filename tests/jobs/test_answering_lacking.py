"""What a column lacks is named, and so is that a job makes it and how long it still takes."""

import pytest

from jobs.answering.events import MissingPart
from jobs.answering.lacking import lacking
from jobs.queue import Queue
from jobs.requests import Index, Request, Train
from storage.records import Column
from storage.workspace import Workspace
from tests.claimed import claimed_context

TUNED, DOCUMENTS = Column("tuned", "tuned"), Column("documents", "documents")
HYBRID = Column("hybrid", "hybrid", tools=("calculator",))


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    return Queue(workspace.database, workspace.clock)


def lacks(column: Column, workspace: Workspace) -> MissingPart:
    missing = lacking(column, workspace)
    assert missing is not None
    return missing


def running(workspace: Workspace, request: Request, seconds_left: float | None) -> None:
    context = claimed_context(workspace, request)
    context.report("work", 1, 10, seconds_left)
    context.flush()


def test_nobody_makes_it_until_somebody_asks(workspace: Workspace, queue: Queue) -> None:
    assert lacks(TUNED, workspace) == MissingPart(
        what="There is not yet a model trained on your examples.", where="/train"
    )
    queue.enqueue(Train(dataset_id="d"), "key")
    assert lacks(TUNED, workspace).coming
    assert lacks(TUNED, workspace).seconds_left is None


def test_a_running_training_tells_how_long_it_still_takes(workspace: Workspace) -> None:
    running(workspace, Train(dataset_id="d"), 140.0)
    assert (lacks(TUNED, workspace).coming, lacks(TUNED, workspace).seconds_left) == (True, 140.0)


def test_the_training_of_another_model_and_a_stopped_one_make_nothing_for_it(
    workspace: Workspace, queue: Queue
) -> None:
    queue.enqueue(Train(dataset_id="d", model="other"), "other")
    stopped = queue.enqueue(Train(dataset_id="d"), "stopped")
    queue.request_cancel(stopped.id)
    assert not lacks(TUNED, workspace).coming


def test_documents_that_are_being_read_are_coming(workspace: Workspace) -> None:
    running(workspace, Index(collection="Manuals"), 5.0)
    assert lacks(DOCUMENTS, workspace).seconds_left == 5.0
    others = Column("documents", "documents", collection="Others")
    assert not lacks(others, workspace).coming


def test_a_way_with_several_parts_waits_for_the_slowest_and_for_all(workspace: Workspace) -> None:
    running(workspace, Train(dataset_id="d"), 140.0)
    assert not lacks(HYBRID, workspace).coming
    running(workspace, Index(collection="Manuals"), 5.0)
    both = lacks(HYBRID, workspace)
    assert both.what == "There is not yet a model trained on your examples and documents to look in."
    assert (both.coming, both.seconds_left) == (True, 140.0)


def test_as_long_as_one_does_not_know_nobody_does(workspace: Workspace) -> None:
    running(workspace, Train(dataset_id="d"), 140.0)
    running(workspace, Index(collection="Manuals"), None)
    assert lacks(HYBRID, workspace).coming
    assert lacks(HYBRID, workspace).seconds_left is None
