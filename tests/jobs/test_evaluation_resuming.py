"""A scoring that was cut off goes on with what lacks: the same columns, nothing asked twice, nothing counted twice."""

import json
import threading
from collections.abc import Callable

import pytest

from jobs.context import Interrupted, JobContext, Made
from jobs.evaluation.evaluate import evaluate_through
from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from jobs.queue import Failure, Queue
from jobs.requests import Choices, Evaluate, Index, Train
from jobs.retrieval.indexing import index_with
from jobs.retrieval.rows import collection_for
from storage.errors import ClaimLost, ModelUnavailable
from storage.records import Adapter, Column, Example, Json
from storage.workspace import Workspace
from tests.claimed import claimed_again, claimed_context
from tests.documents import put_documents
from tests.fakes import ScriptedModel

NUMBERS = range(1, 31)
TABLE = "question,answer,kind\n" + "".join(f"What is the code of box {nr}?,B{nr},facts\n" for nr in NUMBERS)


def reply(chat: Chat) -> str:
    return "The code is B7."


def request(workspace: Workspace, **more: object) -> Evaluate:
    (workspace.folder("uploads") / "test.csv").write_text(TABLE)
    return Evaluate.model_validate({"source": "uploads/test.csv", "name": "test.csv", **more})


def breaking_after(asked: int, reason: Callable[[], Exception]) -> ScriptedModel:
    """Answer so many questions, then fail for ever."""
    count = iter(range(1_000_000))

    def broken(chat: Chat) -> str:
        if next(count) >= asked:
            raise reason()
        return reply(chat)

    return ScriptedModel(broken)


def gone() -> ModelUnavailable:
    return ModelUnavailable("The model server does not answer.")


def cut_off(workspace: Workspace, asked: Evaluate, context: JobContext, after: int = 12) -> None:
    """Let an attempt answer some of the questions and then lose its model."""
    with pytest.raises(ModelUnavailable):
        evaluate_through(PatientDoor(breaking_after(after, gone), waits_s=()), asked, context)
    assert len(workspace.cells.of(context.job.id)) == after
    Queue(workspace.database, workspace.clock).interrupt(context.job, "its worker was gone")


def go_on(workspace: Workspace, asked: Evaluate, context: JobContext) -> tuple[Made, ScriptedModel]:
    door = ScriptedModel(reply)
    again = claimed_again(workspace, context.job, asked)
    made = evaluate_through(PatientDoor(door), asked, again)
    queue = Queue(workspace.database, workspace.clock)
    assert queue.finish(again.job, result=made.result, scorecard=made.scorecard)
    return made, door


def lines(workspace: Workspace, made: Made) -> list[Json]:
    return [json.loads(line) for line in (workspace.home / made.result["answers_file"]).read_text().splitlines()]


def boxes(door: ScriptedModel) -> list[int]:
    return sorted(int(chat.messages[-1]["content"].split("box ")[1].rstrip("?")) for chat in door.chats)


def test_only_what_was_not_answered_is_asked_again(workspace: Workspace) -> None:
    asked = request(workspace, choices=Choices(ways=("base",)))
    context = claimed_context(workspace, asked)
    cut_off(workspace, asked, context)
    answered = {row for _, row in workspace.cells.of(context.job.id)}
    made, door = go_on(workspace, asked, context)
    assert boxes(door) == sorted(set(NUMBERS) - answered)
    assert [(line["row"], line["column_id"]) for line in lines(workspace, made)] == [(nr, "base") for nr in NUMBERS]
    (card,) = workspace.scorecards.list()
    assert (card.ways[0]["n"], card.ways[0]["right"]) == (30, pytest.approx(1 / 30))
    assert made.stop_reason == ""


def test_progress_counts_what_was_answered_before(workspace: Workspace) -> None:
    asked = request(workspace, choices=Choices(ways=("base",)))
    context = claimed_context(workspace, asked)
    cut_off(workspace, asked, context, after=15)
    again = claimed_again(workspace, context.job, asked)
    with pytest.raises(ModelUnavailable):
        evaluate_through(PatientDoor(breaking_after(0, gone), waits_s=()), asked, again)
    again.flush()
    row = Queue(workspace.database, workspace.clock).get(context.job.id)
    assert (row.phase, row.step, row.total_steps) == ("ask", 15, 30)


def test_what_is_asked_stays_though_there_is_newer_since(workspace: Workspace) -> None:
    put_documents(workspace, {"boxes.md": "# Boxes\n\nThe code of box 7 is B7. What is the code of box 8? It is B8."})
    asked = request(workspace, choices=Choices(ways=("base", "documents")))
    context = claimed_context(workspace, asked)
    cut_off(workspace, asked, context, after=10)
    put_documents(workspace, {"other.md": "# Other\n\nNothing."}, collection="Newer")
    made, _ = go_on(workspace, asked, context)
    assert {way["column_id"]: way["collection"] for way in made.result["ways"]} == {
        "base": None,
        "documents": "Manuals",
    }
    assert all(way["n"] == 30 for way in made.result["ways"])


def test_a_way_that_becomes_able_meanwhile_is_not_asked_half(workspace: Workspace) -> None:
    asked = request(workspace, choices=Choices(ways=("base", "documents")))
    context = claimed_context(workspace, asked)
    cut_off(workspace, asked, context)
    put_documents(workspace, {"boxes.md": "# Boxes\n\nThe code of box 7 is B7."})
    made, _ = go_on(workspace, asked, context)
    assert [way["column_id"] for way in made.result["ways"]] == ["base"]
    assert [part["column_id"] for part in made.result["missing"]] == ["documents"]


def test_a_lost_claim_writes_nothing_more(workspace: Workspace) -> None:
    asked = request(workspace, choices=Choices(ways=("base",)))
    context = claimed_context(workspace, asked)
    queue = Queue(workspace.database, workspace.clock)
    count, alone = iter(range(1_000_000)), threading.Lock()

    def losing(chat: Chat) -> str:
        # One after the other: none is answered while the claim is being lost.
        with alone:
            if next(count) == 10:
                queue.interrupt(context.job, "its worker was gone")
        return reply(chat)

    with pytest.raises(ClaimLost):
        evaluate_through(PatientDoor(ScriptedModel(losing)), asked, context)
    kept = workspace.cells.of(context.job.id)
    assert len(kept) <= 10
    assert list(workspace.folder("scores").iterdir()) == []
    made, door = go_on(workspace, asked, context)
    assert len(door.chats) == 30 - len(kept)
    assert made.result["ways"][0]["n"] == 30


def test_a_worker_that_is_told_to_stop_keeps_what_was_answered(workspace: Workspace) -> None:
    asked = request(workspace, choices=Choices(ways=("base",)))
    context = claimed_context(workspace, asked)
    stopping = context._stopping
    count = iter(range(1_000_000))

    def stopped(chat: Chat) -> str:
        if next(count) == 8:
            stopping.set()
        return reply(chat)

    with pytest.raises(Interrupted):
        evaluate_through(PatientDoor(ScriptedModel(stopped)), asked, context)
    assert workspace.cells.of(context.job.id)


def test_an_answer_that_no_model_could_give_is_not_counted_as_wrong(workspace: Workspace) -> None:
    asked = request(workspace, choices=Choices(ways=("base",)))
    context = claimed_context(workspace, asked)
    cut_off(workspace, asked, context)
    assert {body["state"] for body in workspace.cells.of(context.job.id).values()} == {"finished"}


def test_a_job_that_repeats_a_failed_one_goes_on_from_it(workspace: Workspace) -> None:
    asked = request(workspace, choices=Choices(ways=("base",)))
    context = claimed_context(workspace, asked)
    queue = Queue(workspace.database, workspace.clock)
    cut_off(workspace, asked, context, after=20)
    failing = claimed_again(workspace, context.job, asked)
    assert queue.fail(failing.job, Failure("model_unavailable", "The model server does not answer.", "Press Go on."))
    again = claimed_again(workspace, queue.retry(context.job.id, "again"), asked)
    door = ScriptedModel(reply)
    made = evaluate_through(PatientDoor(door), asked, again)
    assert len(door.chats) == 10
    assert made.result["ways"][0]["n"] == 30
    assert queue.finish(again.job, result=made.result, scorecard=made.scorecard)

    anew = claimed_again(workspace, queue.retry(again.job.id, "anew"), asked)
    door = ScriptedModel(reply)
    evaluate_through(PatientDoor(door), asked, anew)
    assert [chat.max_tokens for chat in door.chats] == [1], "only which weights would answer is asked"


@pytest.fixture
def adapters(workspace: Workspace) -> list[str]:
    """Two adapters, one of them trained on examples that are still there."""
    dataset = workspace.datasets.keep("Boxes", [], rows=0, columns={}, dropped=(), source="boxes.csv")
    queue = Queue(workspace.database, workspace.clock)
    made = list[str]()
    for name, dataset_id in (("Long", dataset.id), ("Short", "gone")):
        job = claimed_context(workspace, Train(dataset_id=dataset_id)).job
        adapter = Adapter(
            str(job.adapter_id), job.id, name, "starter", "b", "a", dataset_id, f"adapters/{name}", "m", 1.0
        )
        assert queue.finish(job, result={}, adapter=adapter)
        made.append(adapter.id)
    return made


def test_any_set_of_columns_is_asked_and_each_score_says_what_was_scored(
    workspace: Workspace, adapters: list[str]
) -> None:
    columns = (
        Column("base", "base", adapter_id=adapters[0], tools=("calculator",)),
        Column("tuned", "tuned", adapter_id=adapters[0]),
        Column("tuned-2", "tuned", adapter_id=adapters[1]),
    )
    asked = Evaluate.model_validate(request(workspace, columns=columns).model_dump(mode="json"))
    context = claimed_context(workspace, asked)
    made = evaluate_through(PatientDoor(ScriptedModel(reply)), asked, context)
    base, long, short = made.result["ways"]
    assert [way["column_id"] for way in (base, long, short)] == ["base", "tuned", "tuned-2"]
    assert (base["adapter_id"], base["tools"]) == (None, [])
    assert (long["adapter"], long["adapter_id"]) == ("Long", adapters[0])
    assert long["examples"]["name"] == "Boxes"
    assert short["examples"] == {"id": "gone", "name": None, "version": None}
    assert long["reported"]["base_sha256"] == ["0" * 64]
    assert all(way["n"] == 30 for way in made.result["ways"])


def test_documents_made_of_training_rows_are_told_from_others(workspace: Workspace) -> None:
    rows = [Example(nr, f"What is the code of box {nr}?", f"B{nr}.") for nr in range(1, 13)]
    dataset = workspace.datasets.keep("Boxes", rows, rows=12, columns={}, dropped=(), source="boxes.csv")
    asking = Index(collection=collection_for("Boxes"), dataset_id=dataset.id)
    reading = claimed_context(workspace, asking)
    index_with(ScriptedModel(), asking, reading)
    Queue(workspace.database, workspace.clock).finish(reading.job, result={})
    put_documents(workspace, {"boxes.md": "# Boxes\n\nThe code of box 7 is B7."})
    columns = (
        Column("documents", "documents", collection=asking.collection),
        Column("documents-2", "documents", collection="Manuals"),
    )
    asked = request(workspace, columns=columns)
    made = evaluate_through(PatientDoor(ScriptedModel(reply)), asked, claimed_context(workspace, asked))
    assert [(way["documents"], way["rows_of"]) for way in made.result["ways"]] == [(1, dataset.id), (1, None)]


def test_columns_that_could_not_be_told_apart_are_refused(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="told apart"):
        request(workspace, columns=(Column("base", "base"), Column("base", "tools")))
