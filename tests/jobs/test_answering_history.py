"""What a follow-up question goes on from."""

import time

import pytest

from jobs.answering.compare import Comparing
from jobs.answering.history import MOST_TOKENS, fitting_turns, history_of, standing_alone
from jobs.models.door import Chat
from jobs.retrieval.words import estimate_tokens
from storage.records import AnswerState, Column, Comparison
from storage.workspace import Workspace
from tests.documents import put_documents
from tests.fakes import ScriptedModel

BASE, DOCUMENTS = Column("base", "base"), Column("documents", "documents", collection="Manuals")
WARRANTY = "How long is the warranty on the Glide?"


def answered(chat: Chat) -> str:
    return f"Answer to {chat.messages[-1]['content'].splitlines()[-1]}"


def ask(comparing: Comparing, question: str, columns: list[Column], previous: Comparison | None = None) -> Comparison:
    asked = comparing.ask(question, columns, previous.id if previous else None)
    assert comparing.wait(20)
    return asked


def test_each_column_goes_on_from_its_own_answers(workspace: Workspace) -> None:
    put_documents(workspace, {"warranty.md": "The warranty on the Glide is two years. It covers the frame."})
    door = ScriptedModel(answered)
    comparing = Comparing(workspace, door)
    first = ask(comparing, WARRANTY, [BASE, DOCUMENTS])
    second = ask(comparing, "And what does it cover?", [BASE], first)
    third = ask(comparing, "Thanks. Anything else?", [BASE, DOCUMENTS], second)
    asked = [turn[0] for turn in history_of(workspace.comparisons, third, "base")]
    assert asked == [WARRANTY, "And what does it cover?"]
    assert [turn[0] for turn in history_of(workspace.comparisons, third, "documents")] == [WARRANTY]
    read = [message["content"] for chat in door.chats if chat.model == "starter" for message in chat.messages]
    assert read.count(WARRANTY) >= 2


def test_documents_are_searched_with_the_question_that_a_follow_up_leans_on(workspace: Workspace) -> None:
    put_documents(workspace, {"warranty.md": "The warranty on the Glide is two years. It covers the frame."})
    comparing = Comparing(workspace, ScriptedModel(answered))
    first = ask(comparing, WARRANTY, [DOCUMENTS])
    second = ask(comparing, "And for how long?", [DOCUMENTS], first)
    made = comparing.read(second.id, "documents")
    assert made.passages[0].document == "warranty.md"
    assert made.provenance["history"] == 1


def test_an_answer_that_was_stopped_is_no_turn(workspace: Workspace) -> None:
    comparisons = workspace.comparisons
    first = comparisons.start(WARRANTY, [BASE])
    attempt = comparisons.begin(first.id, "base", "web")
    comparisons.append(first.id, "base", attempt, "stopped", {"type": "stopped", "text": "Two"})
    second = comparisons.start("And then?", [BASE], first.id)
    assert comparisons.states(first.id)["base"][1] is AnswerState.STOPPED
    assert history_of(comparisons, second, "base") == ()


def test_what_was_deleted_since_ends_the_history(workspace: Workspace) -> None:
    gone = Comparison("c", "And then?", (BASE,), time.time(), previous_id="deleted")
    assert history_of(workspace.comparisons, gone, "base") == ()


def test_the_newest_turns_stay_within_the_budget() -> None:
    turns = [(f"Question {number}", "word " * 120) for number in range(6)]
    kept = fitting_turns(turns)
    assert kept == tuple(turns[-len(kept) :])
    assert 0 < sum(estimate_tokens(asked) + estimate_tokens(said) for asked, said in kept) <= MOST_TOKENS
    assert fitting_turns([("Long?", "word " * 5000)]) == ()


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("And for how long?", True),
        ("What does it cover on the electric bikes?", True),
        ("Do they come in a larger size for adults?", True),
        ("Is there a workshop open on Sundays in Alderbrook?", False),
        ("Which helmet fits small children best?", False),
    ],
)
def test_a_question_leans_on_the_one_before_where_it_says_too_little(question: str, leans: bool) -> None:
    found = standing_alone(question, [(WARRANTY, "Two years.")])
    assert found == (f"{WARRANTY} {question}" if leans else question)
    assert standing_alone(question, []) == question
