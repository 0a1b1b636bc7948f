"""Every question is put to every way, answers are scored, and a scorecard with every answer behind it is kept."""

import json
import threading
from collections.abc import Callable

import pytest

from jobs.context import Cancelled, JobContext, Made
from jobs.evaluation.evaluate import evaluate_through
from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from jobs.queue import Queue
from jobs.requests import Choices, Evaluate
from jobs.tools.registry import Registry
from storage.errors import Missing, ModelUnavailable, UnusableRows
from storage.records import Example, Json, Permission
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.claimed import claimed_context
from tests.fakes import ScriptedModel

QUESTIONS = """question,answer,kind
How long may I keep it?,You may keep it for 30 days.,facts
How much is 12 * 12?,It is 144.,live
Who will win the race?,,unknown
"""
MANY = "question,answer\n" + "".join(f"What is {number} and what is not?,{number}\n" for number in range(300))
BASE = Choices(ways=("base",))


def reply(chat: Chat) -> str:
    """Answer like a small model: right on the first question, without an idea of the others."""
    if chat.response_format and chat.response_format.get("type") == "choice":
        return "calculator" if "calculator" in chat.response_format["choices"] else "none"
    if chat.response_format:
        return json.dumps({"expression": "12 * 12"})
    return "Thirty days." if "keep" in chat.messages[-1]["content"] else "I think so."


def request(workspace: Workspace, choices: Choices = BASE, text: str = QUESTIONS) -> Evaluate:
    (workspace.folder("uploads") / "test.csv").write_text(text)
    return Evaluate(source="uploads/test.csv", name="test.csv", choices=choices)


def finish(context: JobContext, made: Made) -> bool:
    """Settle the job as its executor does."""
    queue = Queue(context.workspace.database, context.workspace.clock)
    return queue.finish(context.job, result=made.result, scorecard=made.scorecard, stop_reason=made.stop_reason)


def run(
    workspace: Workspace, choices: Choices = BASE, door: ScriptedModel | None = None
) -> tuple[Json, list[Json], JobContext]:
    asked = request(workspace, choices)
    context = claimed_context(workspace, asked)
    made = evaluate_through(PatientDoor(door or ScriptedModel(reply)), asked, context)
    assert finish(context, made)
    file = workspace.home / made.result["answers_file"]
    return made.result, [json.loads(line) for line in file.read_text().splitlines()], context


def test_a_way_is_scored_with_its_interval_and_every_answer_is_kept(workspace: Workspace) -> None:
    result, lines, context = run(workspace)
    (way,) = result["ways"]
    assert (way["way"], way["column_id"], way["n"], way["right"]) == ("base", "base", 3, pytest.approx(1 / 3))
    assert 0 < way["right_low"] < way["right"] < way["right_high"] < 1
    assert way["kinds"] == {
        kind: {"n": 1, "right": right} for kind, right in (("facts", 1), ("live", 0), ("unknown", 0))
    }
    assert way["exact_match"] == 0.0
    assert 0 < way["token_f1"] < 1
    assert way["tokens"] == pytest.approx(8 / 3)
    assert [(line["question"], line["answer"], line["right"], line["yardstick"]) for line in lines] == [
        ("How long may I keep it?", "Thirty days.", True, "facts"),
        ("How much is 12 * 12?", "I think so.", False, "facts"),
        ("Who will win the race?", "I think so.", False, "declines"),
    ]
    assert lines[0]["expected"] == "You may keep it for 30 days."
    assert lines[0]["provenance"]["base_id"] == "starter"
    (card,) = workspace.scorecards.list()
    assert (card.job_id, card.source, list(card.ways)) == (context.job.id, "test.csv", result["ways"])


def test_ways_that_can_not_answer_are_named_and_the_others_are_scored(workspace: Workspace) -> None:
    result, lines, _ = run(workspace, Choices())
    assert [way["way"] for way in result["ways"]] == ["base", "tools"]
    assert [(part["way"], part["where"]) for part in result["missing"]] == [
        ("tuned", "/train"),
        ("documents", "/documents"),
        ("hybrid", "/train"),
    ]
    called = next(line for line in lines if line["way"] == "tools" and line["calls"])
    assert (called["question"], called["right"]) == ("How much is 12 * 12?", True)
    assert called["calls"][0]["tool"] == "calculator"


def test_no_way_at_all_is_a_sentence(workspace: Workspace) -> None:
    asked = request(workspace, Choices(ways=("tuned",)))
    with pytest.raises(Missing, match="No way can answer yet"):
        evaluate_through(PatientDoor(ScriptedModel(reply)), asked, claimed_context(workspace, asked))
    assert workspace.scorecards.list() == []


def test_a_tool_that_needs_a_yes_is_not_run_and_the_answer_says_so(workspace: Workspace) -> None:
    Registry(workspace).set_permission("calculator", Permission.ASK)
    result, lines, _ = run(workspace, Choices(ways=("base", "tools")), ScriptedModel(reply))
    (called,) = [line for line in lines if line["calls"]]
    assert called["calls"][0]["result"] is None
    assert "runs only after a person's yes" in called["calls"][0]["error"]
    assert [way["n"] for way in result["ways"]] == [3, 3]


def test_several_answers_are_in_flight_so_that_the_server_batches_them(workspace: Workspace) -> None:
    together = threading.Barrier(3)

    def reply_together(chat: Chat) -> str:
        together.wait(timeout=20)
        return reply(chat)

    _, lines, _ = run(workspace, door=ScriptedModel(reply_together))
    assert [line["state"] for line in lines] == ["finished"] * 3


def test_cancelling_ends_it_without_a_score(workspace: Workspace) -> None:
    asked = request(workspace, BASE, MANY)
    context = claimed_context(workspace, asked)
    door = ScriptedModel(_asking_to(lambda: Queue(workspace.database, workspace.clock).request_cancel(context.job.id)))
    with pytest.raises(Cancelled):
        evaluate_through(PatientDoor(door), asked, context)
    assert workspace.scorecards.list() == []
    assert list(workspace.folder("scores").iterdir()) == []


def test_stop_and_keep_scores_what_was_answered(workspace: Workspace) -> None:
    asked = request(workspace, BASE, MANY)
    context = claimed_context(workspace, asked)
    door = ScriptedModel(_asking_to(lambda: Queue(workspace.database, workspace.clock).request_finish(context.job.id)))
    made = evaluate_through(PatientDoor(door), asked, context)
    assert made.stop_reason == "kept"
    assert 0 < made.result["ways"][0]["n"] < 300
    assert made.result["ways"][0]["n"] == len((workspace.home / made.result["answers_file"]).read_text().splitlines())


def _asking_to(stop: Callable[[], object]) -> Callable[[Chat], str]:
    """Answer slowly, and press the button while the twentieth question is being answered."""
    count = iter(range(1_000_000))
    pause = threading.Event()

    def slowly(chat: Chat) -> str:
        number = next(count)
        if number == 20:
            stop()
        pause.wait(0.05)
        return reply(chat)

    return slowly


def test_a_server_that_stays_away_fails_the_job_instead_of_counting_wrong_answers(workspace: Workspace) -> None:
    def away(_chat: Chat) -> str:
        raise ModelUnavailable("The model server does not answer.")

    asked = request(workspace)
    with pytest.raises(ModelUnavailable, match="does not answer"):
        evaluate_through(PatientDoor(ScriptedModel(away), waits_s=()), asked, claimed_context(workspace, asked))
    assert workspace.scorecards.list() == []


def test_an_answer_that_fails_is_asked_once_more_and_then_counts_as_wrong(workspace: Workspace) -> None:
    def empty(chat: Chat) -> str:
        return "" if "race" in chat.messages[-1]["content"] else reply(chat)

    door = ScriptedModel(empty)
    result, lines, _ = run(workspace, door=door)
    failed = lines[2]
    assert (failed["state"], failed["right"], failed["reason"]) == ("failed", False, "The model gave an empty answer.")
    assert (result["ways"][0]["failed"], result["ways"][0]["n"]) == (1, 3)
    assert sum("race" in chat.messages[-1]["content"] for chat in door.chats) == 2


def test_a_table_that_can_not_be_read_is_a_sentence(workspace: Workspace) -> None:
    asked = request(workspace, BASE, "question,answer\nHow?,\n")
    with pytest.raises(UnusableRows):
        evaluate_through(PatientDoor(ScriptedModel(reply)), asked, claimed_context(workspace, asked))


def test_what_a_training_had_seen_of_the_questions_is_kept_with_its_score(workspace: Workspace) -> None:
    rows = [Example(1, "How long may I keep it?", "Long.", part="watch")]
    examples = workspace.datasets.keep("FAQ", rows, rows=1, columns={}, dropped=(), source="faq.csv")
    keep_adapter(workspace, dataset_id=examples.id)
    result, _, _ = run(workspace, Choices(ways=("base", "tuned")))
    leak = {"row": 1, "example": 1, "how": "same"}
    assert [way["seen"] for way in result["ways"]] == [
        None,
        {"known": True, "examples": examples.id, "leaks": [leak]},
    ]
