"""The sample company is opened once, mended when it was cut off, and closed without a trace."""

import shutil
from pathlib import Path

import pytest

from jobs import opening
from jobs.opening import (
    DOCUMENTS,
    EXAMPLES,
    QUESTIONS,
    SEALED,
    TONE,
    close_sample,
    open_sample,
    sample_has_traces,
    sample_is_whole,
)
from jobs.queue import Queue
from jobs.requests import Evaluate, Index
from jobs.retrieval.indexing import index_with
from storage.errors import NotAllowed
from storage.locks import Locks
from storage.records import Adapter, Job, JobState
from storage.sample import opened_at, sample_folder, sample_is_open
from storage.workspace import Workspace
from tests.claimed import claimed_again
from tests.clock import Clock
from tests.fakes import ScriptedModel


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    return Queue(workspace.database, workspace.clock)


def the_job(queue: Queue, kind: str) -> Job:
    (job,) = [job for job in queue.unfinished() if job.kind == kind]
    return job


def read(workspace: Workspace, queue: Queue) -> None:
    """Do the reading that the sample asked for, with a scripted embedder."""
    request = Index.model_validate(the_job(queue, "index").spec)
    context = claimed_again(workspace, the_job(queue, "index"), request)
    assert queue.finish(context.job, result=index_with(ScriptedModel(), request, context).result)


def train(workspace: Workspace, queue: Queue) -> Adapter:
    """Let the sample's training have ended well."""
    job = the_job(queue, "train")
    context = claimed_again(workspace, job, opening.Train.model_validate(job.spec))
    folder = workspace.folder("adapters") / f"{job.adapter_id}-f1"
    folder.mkdir()
    made = Adapter(job.adapter_id or "", job.id, TONE, "starter", "", "", job.spec["dataset_id"], "adapters/x", "", 0.0)
    assert queue.finish(context.job, result={}, adapter=made)
    return made


def test_opening_brings_examples_documents_tools_questions_and_a_training(workspace: Workspace, queue: Queue) -> None:
    open_sample(workspace, queue)
    dataset = workspace.datasets.get(EXAMPLES)
    assert dataset.used >= 190
    assert dataset.held_out > 0
    rows = workspace.datasets.examples(dataset.id)
    assert any(row.context for row in rows)
    assert {row.kind for row in rows} >= {"style"}
    reading = Index.model_validate(the_job(queue, "index").spec)
    assert (reading.collection, len(reading.files)) == (DOCUMENTS, 8)
    training = the_job(queue, "train").spec
    assert (training["dataset_id"], training["name"], training["preset"]) == (dataset.id, TONE, "quick")
    assert {record.name for record in workspace.tools.list()} == {"order_status", "refund_order"}
    assert {one.name: one.sealed for one in workspace.question_sets.list()} == {
        name: file == SEALED for file, name in QUESTIONS.items()
    }
    assert sample_is_open(workspace.home)
    assert sample_is_whole(workspace, queue)
    read(workspace, queue)
    assert {document.name for document in workspace.collections.documents(DOCUMENTS)} >= {"returns.md", "bikes.md"}


def test_pressed_twice_it_brings_nothing_more(workspace: Workspace, queue: Queue) -> None:
    clock = Clock()
    timed = Workspace(workspace.settings, workspace.database, clock)
    open_sample(timed, queue)
    clock.now += 60
    open_sample(timed, queue)
    read(timed, queue)
    train(timed, queue)
    open_sample(timed, queue)
    assert len(queue.list()) == 2
    assert len(workspace.datasets.list()) == 1
    assert len(workspace.question_sets.list()) == 2
    assert opened_at(workspace.home) == 1_000_000.0


@pytest.mark.parametrize("brought", range(6))
def test_cut_off_in_the_middle_it_is_finished_by_pressing_again(
    workspace: Workspace, queue: Queue, brought: int
) -> None:
    for part in opening._PARTS[:brought]:
        part.bring(workspace, queue)
    assert not sample_is_whole(workspace, queue)
    open_sample(workspace, queue)
    assert sample_is_whole(workspace, queue)
    assert sorted(job.kind for job in queue.unfinished()) == ["index", "train"]
    assert len(workspace.datasets.list()) == 1


def test_documents_that_were_not_read_are_asked_for_again_and_only_these(workspace: Workspace, queue: Queue) -> None:
    open_sample(workspace, queue)
    read(workspace, queue)
    gone = workspace.collections.documents(DOCUMENTS)[0]
    workspace.collections.remove_document(gone.id)
    assert not sample_is_whole(workspace, queue)
    open_sample(workspace, queue)
    assert [name for _, name in the_job(queue, "index").spec["files"]] == [gone.name]


def test_a_training_that_failed_or_was_stopped_is_asked_for_again(workspace: Workspace, queue: Queue) -> None:
    open_sample(workspace, queue)
    queue.request_cancel(the_job(queue, "train").id)
    open_sample(workspace, queue)
    adapter = train(workspace, queue)
    assert sample_is_whole(workspace, queue)
    workspace.adapters.delete(adapter.id)
    open_sample(workspace, queue)
    assert the_job(queue, "train").state is JobState.QUEUED


def test_a_note_that_can_not_be_read_is_written_anew(workspace: Workspace, queue: Queue) -> None:
    open_sample(workspace, queue)
    (sample_folder(workspace.home) / "opened.json").write_text("{")
    assert not sample_is_whole(workspace, queue)
    open_sample(workspace, queue)
    assert opened_at(workspace.home)


def test_two_at_once_do_not_both_open_it(workspace: Workspace, queue: Queue) -> None:
    lock = Locks(workspace.folder("locks")).take("sample")
    assert lock is not None
    with pytest.raises(NotAllowed, match="at this moment"):
        open_sample(workspace, queue)
    lock.release()
    open_sample(workspace, queue)


def test_closing_leaves_no_trace_and_the_adapter_can_come_back(workspace: Workspace, queue: Queue) -> None:
    own = workspace.datasets.keep("Own", [], rows=0, columns={}, dropped=[], source="own.csv")
    open_sample(workspace, queue)
    read(workspace, queue)
    adapter = train(workspace, queue)
    close_sample(workspace, queue)
    assert not sample_has_traces(workspace)
    assert workspace.datasets.list() == [own]
    assert workspace.collections.list() == workspace.tools.list() == workspace.adapters.list() == []
    assert workspace.question_sets.list() == list(workspace.folder("uploads").iterdir()) == []
    assert not sample_folder(workspace.home).exists()
    assert workspace.adapters.restore(adapter.id).name == TONE
    close_sample(workspace, queue)


def test_closing_stops_the_jobs_of_the_sample_first(workspace: Workspace, queue: Queue) -> None:
    open_sample(workspace, queue)
    other = queue.enqueue(Index(collection="Own"), "own")
    close_sample(workspace, queue)
    assert [job.id for job in queue.unfinished()] == [other.id]
    assert not sample_has_traces(workspace)


def test_closing_is_refused_as_a_whole_where_another_job_needs_a_part(workspace: Workspace, queue: Queue) -> None:
    open_sample(workspace, queue)
    read(workspace, queue)
    train(workspace, queue)
    scoring = queue.enqueue(Evaluate(source="own"), "own")
    with pytest.raises(NotAllowed, match="A scoring that has not ended"):
        close_sample(workspace, queue)
    assert sample_is_whole(workspace, queue)
    queue.request_cancel(scoring.id)
    close_sample(workspace, queue)


def test_closed_by_half_it_can_be_closed_or_opened_again(workspace: Workspace, queue: Queue) -> None:
    open_sample(workspace, queue)
    shutil.rmtree(sample_folder(workspace.home))
    assert sample_has_traces(workspace)
    open_sample(workspace, queue)
    assert sample_is_open(workspace.home)


def test_the_sample_of_the_project_is_complete(workspace: Workspace) -> None:
    assert {path.name for path in opening._SAMPLE.iterdir()} >= {"examples.csv", "documents", "orders.json", *QUESTIONS}
    text = Path(opening._SAMPLE / "orders.json").read_text(encoding="utf-8")
    assert "LC-4106" in text
    assert "LC-4106" in opening.FIRST_QUESTION
    for name in QUESTIONS:
        assert opening.FIRST_QUESTION not in (opening._SAMPLE / name).read_text(encoding="utf-8")
