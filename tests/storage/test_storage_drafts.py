"""Drafts are kept with their passage's record, by the owner of the claim alone, and decided by a person."""

import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest

from jobs.context import JobContext
from jobs.queue import Queue
from jobs.requests import Draft
from storage.drafts import DraftPair
from storage.errors import ClaimLost, NotFound, UserFault
from storage.removing import remove_collection
from storage.settings import Settings
from storage.workspace import Workspace
from tests.claimed import claimed_again, claimed_context

BODY = {"document": "a.md", "start": 0, "end": 9, "drafted": 1, "unusable": {}}


@pytest.fixture
def workspace(either_settings: Settings) -> Iterator[Workspace]:
    opened = Workspace.open(either_settings)
    yield opened
    opened.close()


def pair(context: JobContext, question: str = "Why?", document: str = "a.md") -> DraftPair:
    collection = context.job.spec["collection"]
    at = context.workspace.clock()
    return DraftPair(str(uuid.uuid4()), context.job.id, collection, document, 0, 9, "So it is.", question, "So.", at)


def test_drafts_are_listed_by_job_collection_and_state(workspace: Workspace) -> None:
    one, other = (claimed_context(workspace, Draft(collection=name)) for name in ("Manuals", "Laws"))
    first, second, third = pair(one), pair(one, "Who?"), pair(other)
    one.keep_drafts([first, second], 1, BODY)
    other.keep_drafts([third], 1, BODY)
    other.keep_drafts([], 2, {**BODY, "start": 9, "drafted": 0, "unusable": {"empty": 1}})
    drafts = workspace.drafts
    assert drafts.list() == [first, second, third]
    assert drafts.list(job_id=one.job.id) == drafts.list(collection="Manuals", state="new") == [first, second]
    assert drafts.list(state="kept") == []
    assert drafts.get([third.id, first.id]) == [first, third]
    assert [body["start"] for _, body in drafts.asked("Laws")] == [0, 9]
    assert drafts.asked("Manuals") == [(one.job.id, BODY)]


def test_a_person_decides_and_may_write_it_better(workspace: Workspace) -> None:
    context = claimed_context(workspace, Draft(collection="Manuals"))
    made = pair(context)
    context.keep_drafts([made], 1, BODY)
    drafts = workspace.drafts
    kept = drafts.decide(made.id, "kept", question=" Why so? ", answer="Because.")
    assert kept == replace(made, state="kept", question="Why so?", answer="Because.")
    assert drafts.list(state="kept") == [kept]
    assert drafts.decide(made.id, "dropped") == replace(kept, state="dropped")
    assert drafts.decide(made.id, "new").state == "new"
    with pytest.raises(UserFault, match="answer is empty"):
        drafts.decide(made.id, "kept", answer=" ")
    assert drafts.list() == [replace(kept, state="new")]
    with pytest.raises(NotFound):
        drafts.decide("gone", "kept")
    with pytest.raises(NotFound):
        drafts.get([made.id, "gone"])


def test_a_lost_claim_keeps_neither_drafts_nor_record(workspace: Workspace) -> None:
    context = claimed_context(workspace, Draft(collection="Manuals"))
    Queue(workspace.database, workspace.clock).interrupt(context.job, "its worker was gone")
    with pytest.raises(ClaimLost):
        context.keep_drafts([pair(context)], 1, BODY)
    assert workspace.drafts.list() == []
    assert workspace.drafts.asked("Manuals") == []


def test_a_draft_that_can_not_be_kept_leaves_no_record(workspace: Workspace) -> None:
    context = claimed_context(workspace, Draft(collection="Manuals"))
    made = pair(context)
    context.keep_drafts([made], 1, BODY)
    with pytest.raises(Exception, match=r"(?i)unique"):
        context.keep_drafts([pair(context), made], 2, BODY)
    assert (workspace.drafts.list(), len(workspace.drafts.asked("Manuals"))) == ([made], 1)


def test_stop_and_keep_is_remembered_where_a_draft_was_kept(workspace: Workspace) -> None:
    queue = Queue(workspace.database, workspace.clock)
    for kept in (True, False):
        context = claimed_context(workspace, Draft(collection="Manuals"))
        queue.request_finish(context.job.id)
        if kept:
            context.keep_drafts([pair(context)], 1, BODY)
        queue.interrupt(context.job, "its worker was gone")
        again = claimed_again(workspace, context.job, Draft(collection="Manuals"))
        assert again.finish_requested() is kept


def test_drafts_go_with_their_documents(workspace: Workspace) -> None:
    context = claimed_context(workspace, Draft(collection="Manuals"))
    workspace.collections.ensure("Manuals")
    context.keep_drafts([pair(context), pair(context, document="b.md")], 1, BODY)
    workspace.drafts.forget("Manuals", "a.md")
    workspace.drafts.forget("Other", "b.md")
    assert [one.document for one in workspace.drafts.list()] == ["b.md"]
    remove_collection(workspace.database, "Manuals")
    assert workspace.drafts.list() == []
