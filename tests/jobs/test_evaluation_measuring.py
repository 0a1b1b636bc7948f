"""Each row of the measured table is really done, with made-up facts that are gone afterwards, also after a kill."""

import json

import pytest

from jobs.context import Cancelled, JobContext
from jobs.evaluation.evaluate import evaluate_through
from jobs.evaluation.measuring.asking import Asker
from jobs.evaluation.measuring.made_up import Fact, counted, documented, looked_up, says
from jobs.evaluation.measuring.measure import measure_through
from jobs.evaluation.measuring.scratch import scratch
from jobs.executors.leftovers import remove_leftovers
from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from jobs.queue import Queue
from jobs.removing.things import Removing
from jobs.requests import Choices, Evaluate, MeasureWays
from storage.errors import ModelUnavailable, NotAllowed, NotFound
from storage.locks import Locks
from storage.measurements import Measurement
from storage.workspace import SCRATCH, Workspace
from tests.adapters import keep_adapter
from tests.claimed import claimed_again, claimed_context
from tests.documents import put_documents
from tests.fakes import ScriptedModel

QUESTIONS = "question,answer,kind\nHow long may I keep it?,30 days,facts\nHow much is 12 * 12?,144,live\n"


def reply(chat: Chat) -> str:
    """Read well: choose the tool that is offered, repeat what was read, and know nothing else."""
    asked = chat.messages[-1]["content"]
    if chat.response_format and chat.response_format.get("type") == "choice":
        return chat.response_format["choices"][0]
    if chat.response_format:
        (name, schema), *_ = chat.response_format["json_schema"]["schema"]["properties"].items()
        return json.dumps({name: schema["enum"][0] if "enum" in schema else "12 * 12"})
    return asked if len(asked) > 80 else "I do not know."


def scored(workspace: Workspace) -> str:
    """Return the id of a score of all five ways."""
    put_documents(workspace, {"returns.md": "# Returns\n\nYou may keep it for 30 days."})
    keep_adapter(workspace)
    (workspace.folder("uploads") / "test.csv").write_text(QUESTIONS)
    asked = Evaluate(source="uploads/test.csv", name="test.csv", choices=Choices(wording="free"))
    context = claimed_context(workspace, asked)
    made = evaluate_through(PatientDoor(ScriptedModel(reply)), asked, context)
    assert made.scorecard is not None
    assert Queue(workspace.database, workspace.clock).finish(context.job, result=made.result, scorecard=made.scorecard)
    return made.scorecard.id


def asker(context: JobContext, door: ScriptedModel | None = None) -> Asker:
    return Asker(
        PatientDoor(door or ScriptedModel(reply), waits_s=()), lambda: {"phase": "ready", "memory_bytes": 5}, context
    )


def run(workspace: Workspace, request: MeasureWays, door: ScriptedModel | None = None) -> dict[str, Measurement]:
    context = claimed_context(workspace, request)
    made = measure_through(asker(context, door), request)
    assert Queue(workspace.database, workspace.clock).finish(context.job, result=made.result)
    return {one.row: one for one in workspace.measurements.list()}


def test_every_row_is_measured_for_every_way_and_nothing_made_up_stays(workspace: Workspace) -> None:
    card = scored(workspace)
    before = [(one.name, one.index_version) for one in workspace.collections.list()]
    tools = [one.name for one in workspace.tools.list()]
    found = run(workspace, MeasureWays(card_id=card))
    assert set(found) == {"model", "live", "fact", "cost", "setup", "unknown"}
    reflected = {
        row: {column: cell["says"]["new"] for column, cell in found[row].columns.items()} for row in ("live", "fact")
    }
    assert reflected["live"] == {"base": 0, "tuned": 0, "documents": 0, "tools": 3, "hybrid": 3}
    assert reflected["fact"] == {"base": 0, "tuned": 0, "documents": 3, "tools": 0, "hybrid": 3}
    fact = found["fact"].columns["documents"]
    assert (fact["knew"], fact["asked"]) == (3, 3), "the old value was known before the change"
    assert fact["change_s"] > 0
    assert found["cost"].columns["base"]["memory_bytes"] == 5
    assert found["cost"].columns["tools"]["asked"] == 2
    assert found["unknown"].columns["base"] == {"of": ["base", "starter", None, None, []], "asked": 3, "said": 3}
    assert found["setup"].columns["tuned"]["training_s"] is None, "this training noted no seconds"
    assert found["model"].columns["base"]["base_sha256"] == "0" * 64
    assert [(one.name, one.index_version) for one in workspace.collections.list()] == before
    assert [one.name for one in workspace.tools.list()] == tools
    assert list((workspace.home / SCRATCH).iterdir()) == []


def test_an_attempt_that_was_cut_off_goes_on_with_the_rows_that_lack(workspace: Workspace) -> None:
    request = MeasureWays(card_id=scored(workspace), rows=("unknown", "cost"))
    context = claimed_context(workspace, request)

    def away(chat: Chat) -> str:
        if "keep it" in chat.messages[-1]["content"]:
            raise ModelUnavailable("The model server does not answer.")
        return reply(chat)

    with pytest.raises(ModelUnavailable):
        measure_through(asker(context, ScriptedModel(away)), request)
    queue = Queue(workspace.database, workspace.clock)
    assert queue.interrupt(context.job, "the worker stopped")
    door = ScriptedModel(reply)
    again = claimed_again(workspace, context.job, request)
    assert measure_through(asker(again, door), request).result == {"rows": ["unknown", "cost"]}
    assert not any("night guard" in chat.messages[-1]["content"] for chat in door.chats)
    assert [one.row for one in workspace.measurements.list()] == ["cost", "unknown"]


def test_what_a_killed_attempt_left_goes_with_the_next_one_and_with_the_next_worker(workspace: Workspace) -> None:
    request = MeasureWays(card_id="c")
    context = claimed_context(workspace, request)
    queue = Queue(workspace.database, workspace.clock)
    mine, others = (workspace.folder(SCRATCH) / name for name in (f"{context.job.id}-f0", "other-f1"))
    for folder in (mine, others):
        folder.mkdir()
        (folder / "triptych.db").write_text("half written")
    with scratch(context) as made:
        assert not mine.exists()
        assert made.home.parent == workspace.home / SCRATCH
        assert others.exists(), "another job may be using it"
    assert not made.home.exists()
    remove_leftovers(workspace, queue, Locks(workspace.folder("locks")))
    assert not others.exists()


def test_cancelling_ends_it_between_two_answers_and_takes_the_made_up_facts_along(workspace: Workspace) -> None:
    request = MeasureWays(card_id=scored(workspace), rows=("live",))
    context = claimed_context(workspace, request)
    queue = Queue(workspace.database, workspace.clock)

    def pressing(chat: Chat) -> str:
        queue.request_cancel(context.job.id)
        context.cancelled()
        return reply(chat)

    with pytest.raises(Cancelled):
        measure_through(asker(context, ScriptedModel(pressing)), request)
    assert workspace.measurements.list() == []
    assert list((workspace.home / SCRATCH).iterdir()) == []


def test_a_score_that_is_being_measured_stays_and_what_was_measured_goes_with_it(workspace: Workspace) -> None:
    card, queue = scored(workspace), Queue(workspace.database, workspace.clock)
    run(workspace, MeasureWays(card_id=card, rows=("setup",)))
    job = queue.enqueue(MeasureWays(card_id=card), "key")
    with pytest.raises(NotAllowed, match="A measuring that has not ended needs this"):
        Removing(workspace, queue).scorecard(card)
    queue.request_cancel(job.id)
    Removing(workspace, queue).scorecard(card)
    assert workspace.measurements.list() == []


def test_a_way_that_can_not_answer_any_more_does_not_keep_the_others_from_being_measured(workspace: Workspace) -> None:
    def gone(chat: Chat) -> str:
        if chat.model.startswith("adapter:"):
            raise NotFound("There is no such adapter.")
        return reply(chat)

    found = run(workspace, MeasureWays(card_id=scored(workspace), rows=("model", "unknown")), ScriptedModel(gone))
    assert found["model"].columns["tuned"]["failed"] == "There is no such adapter."
    assert found["unknown"].columns["tuned"]["failed"] == "There is no such adapter."
    assert "failed" not in found["model"].columns["base"]


def test_what_runs_beside_a_measuring_is_noted(workspace: Workspace) -> None:
    card = scored(workspace)
    claimed_context(workspace, Evaluate(source="d"))
    assert run(workspace, MeasureWays(card_id=card, rows=("setup",)))["setup"].beside == ("evaluate",)


def test_made_up_numbers_are_new_each_time_and_none_stands_twice() -> None:
    for make in (documented, looked_up):
        facts = make("one")
        values = [value for fact in facts for value in (fact.old, fact.new)]
        assert len(set(values)) == 2 * len(facts)
        assert facts == make("one")
        assert facts != make("two")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("It has 4,821 shelves.", "new"),
        ("4821", "new"),
        ("It had 3917 shelves.", "old"),
        ("First 3917, now 4821.", "neither"),
        ("", "neither"),
    ],
)
def test_an_answer_gives_the_new_value_the_old_one_or_neither(answer: str, said: str) -> None:
    assert says(answer, Fact("a.md", "How many?", "3917", "4821")) == said


def test_answers_are_counted_in_the_order_of_their_facts() -> None:
    facts = [Fact("a", "?", "3917", "4821"), Fact("b", "?", "5005", "6006")]
    assert counted(["4821", "4821"], facts) == {"new": 1, "old": 0, "neither": 1}
