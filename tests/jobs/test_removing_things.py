"""One thing is deleted with its files, what rests on it stays, and what a job needs is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jobs.evaluation.tables import keep_test_table
from jobs.queue import Queue
from jobs.removing.things import Removing
from jobs.requests import Choices, Draft, Evaluate, Export, Index, Judge, Prepare, Request, Train
from jobs.retrieval.indexing import index_with
from storage.drafts import DraftPair
from storage.errors import NotAllowed, NotFound
from storage.exports import kept_folder
from storage.records import Column
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.documents import put_documents
from tests.fakes import ScriptedModel
from tests.filled import Filled, fill

Delete = Callable[[Removing, Filled], None]


@pytest.fixture
def filled(workspace: Workspace) -> Filled:
    return fill(workspace)


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    return Queue(workspace.database, workspace.clock)


@pytest.fixture
def removing(workspace: Workspace, queue: Queue) -> Removing:
    return Removing(workspace, queue)


def end_all(workspace: Workspace) -> None:
    """Let every job that runs have ended."""
    queue = Queue(workspace.database, workspace.clock)
    for job in queue.unfinished():
        assert queue.finish(job, result={})


def uploads(workspace: Workspace) -> set[str]:
    return {path.name for path in workspace.folder("uploads").iterdir()}


def test_examples_go_with_their_file_and_the_adapter_keeps_working(
    workspace: Workspace, filled: Filled, removing: Removing
) -> None:
    removing.dataset("FAQ")
    assert workspace.datasets.list() == []
    assert uploads(workspace) == {"returns-kept.md"}
    adapter = workspace.adapters.get(filled.adapter)
    assert (workspace.home / adapter.path / "adapter_model.safetensors").is_file()


def test_rows_that_were_read_for_looking_up_go_with_their_examples(
    workspace: Workspace, filled: Filled, removing: Removing
) -> None:
    request = Index(collection="FAQ, looked up", dataset_id=filled.dataset)
    index_with(ScriptedModel(), request, claimed_context(workspace, request))
    with pytest.raises(NotAllowed, match="A reading that has not ended needs this"):
        removing.dataset("FAQ")
    end_all(workspace)
    removing.dataset("FAQ")
    assert [collection.name for collection in workspace.collections.list()] == ["Manuals"]


def test_other_documents_beside_the_rows_stay(workspace: Workspace, filled: Filled, removing: Removing) -> None:
    request = Index(collection="FAQ, looked up", dataset_id=filled.dataset)
    index_with(ScriptedModel(), request, claimed_context(workspace, request))
    put_documents(workspace, {"more.md": "# More"}, "FAQ, looked up")
    end_all(workspace)
    removing.dataset("FAQ")
    assert [one.name for one in workspace.collections.documents("FAQ, looked up")] == ["more.md"]


def test_documents_go_with_the_files_that_were_read_into_no_other_collection(
    workspace: Workspace, queue: Queue, filled: Filled, removing: Removing
) -> None:
    shared = workspace.home / "uploads" / "shared.md"
    shared.write_text("shared")
    for collection in ("Manuals", "Others"):
        context = claimed_context(workspace, Index(collection=collection, files=(("uploads/shared.md", "shared.md"),)))
        assert queue.finish(context.job, result={})
    removing.collection("Manuals")
    assert workspace.collections.list() == []
    assert uploads(workspace) == {f"{filled.dataset}.csv", "shared.md"}


def test_a_file_outside_the_uploads_is_never_deleted(
    workspace: Workspace, queue: Queue, filled: Filled, removing: Removing
) -> None:
    kept = workspace.folder("sample") / "bikes.md"
    kept.write_text("# Bikes")
    context = claimed_context(workspace, Index(collection="Manuals", files=(("sample/bikes.md", "bikes.md"),)))
    assert queue.finish(context.job, result={})
    removing.collection("Manuals")
    assert kept.is_file()


def test_one_document_goes_with_its_file_and_the_others_stay(
    workspace: Workspace, queue: Queue, filled: Filled, removing: Removing
) -> None:
    other = workspace.home / "uploads" / "other.md"
    other.write_text("other")
    context = claimed_context(workspace, Index(collection="Manuals", files=(("uploads/other.md", "other.md"),)))
    assert queue.finish(context.job, result={})
    (document,) = workspace.collections.documents("Manuals")
    removing.document("Manuals", document)
    assert workspace.collections.documents("Manuals") == []
    assert uploads(workspace) == {f"{filled.dataset}.csv", "other.md"}


def test_test_questions_go_in_all_versions_with_their_files(
    workspace: Workspace, queue: Queue, tmp_path: Path, removing: Removing
) -> None:
    file = tmp_path / "questions.csv"
    for answer in (2, 3):
        file.write_text(f"question,answer\n1,{answer}\n")
        keep_test_table(workspace, file, "Exam")
    other = keep_test_table(workspace, file, "Other")
    removing.questions("Exam")
    assert workspace.question_sets.list() == [other]
    assert uploads(workspace) == {Path(other.source).name}
    with pytest.raises(NotFound, match="no test questions called 'Exam'"):
        removing.questions("Exam")
    queue.enqueue(Evaluate(source=other.id), "key")
    with pytest.raises(NotAllowed, match="A scoring that has not ended needs this"):
        removing.questions("Other")


def test_a_scorecard_goes_with_its_answers(workspace: Workspace, filled: Filled, removing: Removing) -> None:
    assert list(workspace.folder("scores").iterdir())
    removing.scorecard(filled.card)
    assert list(workspace.folder("scores").iterdir()) == []


def test_tools_comparisons_and_adapters_leave_their_lists(
    workspace: Workspace, filled: Filled, removing: Removing
) -> None:
    removing.tool("look_up_orders")
    removing.comparisons([filled.comparison])
    written = kept_folder(workspace.home, filled.adapter, "merged")
    written.mkdir(parents=True)
    (written / "model.safetensors").write_bytes(b"weights")
    removing.adapter(filled.adapter)
    assert not written.exists()
    assert workspace.tools.list() == workspace.comparisons.list() == workspace.adapters.list() == []
    assert workspace.adapters.restore(filled.adapter).id == filled.adapter


def test_drafts_go_with_the_document_that_they_repeat(workspace: Workspace, removing: Removing) -> None:
    put_documents(workspace, {"a.md": "# A\n\nSo it is.", "b.md": "# B\n\nSo it is."}, collection="Drafted")
    context = claimed_context(workspace, Draft(collection="Drafted"))
    pairs = [
        DraftPair(name, context.job.id, "Drafted", name, 0, 9, "So it is.", "Why?", "So.", 1.0)
        for name in ("a.md", "b.md")
    ]
    context.keep_drafts(pairs, 1, {})
    end_all(workspace)
    removing.document("Drafted", workspace.collections.documents("Drafted")[0])
    assert [pair.document for pair in workspace.drafts.list()] == ["b.md"]
    removing.collection("Drafted")
    assert workspace.drafts.list() == []


COLUMN = Column("c", "hybrid", adapter_id="a", collection="Manuals", tools=("look_up_orders",))
CHOSEN = Choices(tools=("look_up_orders",))
_NEEDS: list[tuple[Request, Delete]] = [
    (Index(collection="Manuals"), lambda removing, _: removing.collection("Manuals")),
    (Draft(collection="Manuals"), lambda removing, _: removing.collection("Manuals")),
    (Evaluate(source="x", columns=(COLUMN,)), lambda removing, _: removing.collection("Manuals")),
    (Evaluate(source="x"), lambda removing, _: removing.collection("Manuals")),
    (Evaluate(source="x", columns=(COLUMN,)), lambda removing, _: removing.tool("look_up_orders")),
    (Evaluate(source="x", choices=CHOSEN), lambda removing, _: removing.tool("look_up_orders")),
    (Evaluate(source="x"), lambda removing, filled: removing.adapter(filled.adapter)),
    (Judge(card_id="card"), lambda removing, filled: removing.scorecard(filled.card)),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "delete"), _NEEDS)
def test_what_a_job_needs_is_refused_until_it_has_ended(
    queue: Queue, filled: Filled, removing: Removing, request_: Request, delete: Delete
) -> None:
    job = queue.enqueue(request_, "key")
    with pytest.raises(NotAllowed, match="that has not ended needs this"):
        delete(removing, filled)
    queue.request_cancel(job.id)
    delete(removing, filled)


@pytest.mark.parametrize("kind", ["train", "evaluate", "index", "export"])
def test_examples_and_adapters_in_use_are_refused(queue: Queue, filled: Filled, removing: Removing, kind: str) -> None:
    asked: dict[str, Request] = {
        "train": Train(dataset_id=filled.dataset),
        "evaluate": Evaluate(source=filled.dataset),
        "index": Index(collection="FAQ, looked up", dataset_id=filled.dataset),
        "export": Export(adapter_id=filled.adapter, folder="/somewhere"),
    }
    queue.enqueue(asked[kind], "key")
    with pytest.raises(NotAllowed, match=f"A{'n' if kind == 'export' else ''} .*that has not ended needs this"):
        removing.adapter(filled.adapter) if kind == "export" else removing.dataset("FAQ")


def test_a_job_that_needs_something_else_stands_in_nobodys_way(
    queue: Queue, filled: Filled, removing: Removing
) -> None:
    other = Column("c", "hybrid", adapter_id="b", collection="Others", tools=("calculator",))
    for number, request in enumerate(
        (
            Prepare(),
            Index(collection="Others"),
            Draft(collection="Others"),
            Train(dataset_id="d"),
            Evaluate(source="x", columns=(other,)),
        )
    ):
        queue.enqueue(request, str(number))
    removing.dataset("FAQ")
    removing.collection("Manuals")
    removing.tool("look_up_orders")
    removing.adapter(filled.adapter)
