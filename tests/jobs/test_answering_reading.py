"""Documents that are being read while a question is asked are waited for; anything else that lacks is told at once."""

import threading
import time

import pytest

from jobs.answering.answer import Bench, answer
from jobs.answering.events import Event, Finished, MissingPart, Started
from jobs.queue import Queue
from jobs.requests import Index, Train
from storage.records import Column
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.clock import Clock
from tests.documents import put_documents
from tests.fakes import ScriptedModel

DOCUMENTS = Column("documents", "documents", collection="Manuals")
QUESTION = "Within how many days does an e-bike come back?"
READ = {"returns.md": "# Returns\n\nAn e-bike comes back within 14 days of delivery."}


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    return Queue(workspace.database, workspace.clock)


def ask(bench: Bench, column: Column = DOCUMENTS) -> list[Event]:
    return list(answer(QUESTION, column, bench))


def test_a_question_waits_until_the_documents_are_read(workspace: Workspace, queue: Queue) -> None:
    workspace.collections.ensure("Manuals")
    context = claimed_context(workspace, Index(collection="Manuals"))

    def read() -> None:
        time.sleep(0.6)
        put_documents(workspace, READ)
        queue.finish(context.job, result={})

    reading = threading.Thread(target=read)
    reading.start()
    first, *_, last = ask(Bench(workspace, ScriptedModel(["Within 14 days."])))
    reading.join()
    assert first == Started(phase="read")
    assert isinstance(last, Finished)
    assert last.text.startswith("Within 14 days.")


def test_a_question_waits_until_all_documents_are_kept_not_only_the_first(workspace: Workspace, queue: Queue) -> None:
    put_documents(workspace, {"bikes.md": "# Bikes\n\nThe Glide costs 2,190 euros."})
    context = claimed_context(workspace, Index(collection="Manuals"))
    context.report(phase="keep")

    def keep() -> None:
        time.sleep(0.6)
        put_documents(workspace, READ)
        queue.finish(context.job, result={})

    keeping = threading.Thread(target=keep)
    keeping.start()
    *_, last = ask(Bench(workspace, ScriptedModel(["Within 14 days."])))
    keeping.join()
    assert isinstance(last, Finished)
    assert last.text.startswith("Within 14 days.")


def test_documents_that_are_added_to_others_hold_nobody_up_while_they_are_read(
    workspace: Workspace, queue: Queue
) -> None:
    put_documents(workspace, READ)
    claimed_context(workspace, Index(collection="Manuals")).report(phase="embed")
    events = ask(Bench(workspace, ScriptedModel(["Within 14 days."])))
    assert Started(phase="read") not in events
    assert isinstance(events[-1], Finished)


def test_it_does_not_wait_for_ever(workspace: Workspace, queue: Queue) -> None:
    queue.enqueue(Index(collection="Manuals"), "key")
    clock = Clock()

    def later() -> float:
        clock.now += 40
        return clock.now

    events = ask(Bench(workspace, ScriptedModel(), monotonic=later))
    assert [event.type for event in events] == ["started", "missing"]


def test_it_gives_up_with_the_reading(workspace: Workspace, queue: Queue) -> None:
    job = queue.enqueue(Index(collection="Manuals"), "key")
    threading.Timer(0.5, lambda: queue.request_cancel(job.id)).start()
    missing = ask(Bench(workspace, ScriptedModel()))[-1]
    assert isinstance(missing, MissingPart)
    assert not missing.coming


def test_a_person_who_stops_is_not_kept_waiting(workspace: Workspace, queue: Queue) -> None:
    queue.enqueue(Index(collection="Manuals"), "key")
    assert len(ask(Bench(workspace, ScriptedModel(), stopped=lambda: True))) == 1


def test_a_training_takes_too_long_to_wait_for(workspace: Workspace, queue: Queue) -> None:
    queue.enqueue(Index(collection="Manuals"), "index")
    queue.enqueue(Train(dataset_id="d"), "train")
    hybrid = Column("hybrid", "hybrid", collection="Manuals", tools=("calculator",))
    (missing,) = ask(Bench(workspace, ScriptedModel()), hybrid)
    assert isinstance(missing, MissingPart)
    assert missing.coming
