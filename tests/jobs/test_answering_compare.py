"""Columns answer independently, each event is kept, and a stop, a repeat or a dead process leaves nothing hanging."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from jobs.answering.answer import Bench
from jobs.answering.collect import collect
from jobs.answering.compare import Comparing, ask_now
from jobs.answering.events import Delta, Finished, Retrieved, Started, event_of
from jobs.models.door import Chat, Chunk
from storage.errors import NotFound
from storage.records import AnswerState, Column
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.documents import put_documents
from tests.fakes import ScriptedModel

BASE, TUNED = Column("base", "base"), Column("tuned", "tuned", adapter_id="a1")
TOOLS = Column("tools", "tools", tools=("calculator",))
PATIENCE_S = 20.0


class Gate(ScriptedModel):
    """A model that says its first word, then waits until the gate is opened."""

    def __init__(self, replies: Callable[[Chat], str] = lambda _chat: "one two three") -> None:
        super().__init__(replies)
        self.open = threading.Event()
        self.closed = threading.Event()

    def chat(self, chat: Chat) -> Iterator[Chunk]:
        try:
            for number, chunk in enumerate(super().chat(chat)):
                if number == 1:
                    self.open.wait(PATIENCE_S)
                yield chunk
        finally:
            self.closed.set()


def until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


def kept_types(workspace: Workspace, comparison_id: str, column: str = "base") -> list[str]:
    return [event.type for event in workspace.comparisons.events(comparison_id, column)]


def test_every_column_is_kept_with_its_events(workspace: Workspace) -> None:
    comparing = Comparing(workspace, ScriptedModel(lambda chat: f"From {chat.model}."))
    comparison = comparing.ask("Which model?", [BASE, TUNED, Column("documents", "documents")])
    assert comparing.wait(PATIENCE_S)
    assert [comparing.read(comparison.id, column.id).text for column in comparison.columns] == [
        "From starter.",
        "From adapter:a1.",
        "",
    ]
    states = {column: state for column, (_, state) in workspace.comparisons.states(comparison.id).items()}
    assert states == {
        "base": AnswerState.FINISHED,
        "tuned": AnswerState.FINISHED,
        "documents": AnswerState.MISSING,
    }
    assert comparing.read(comparison.id, "documents").where == "/documents"
    bodies = [event.body for event in workspace.comparisons.events(comparison.id, "base")]
    assert isinstance(event_of.validate_python(bodies[0]), Started)
    assert isinstance(event_of.validate_python(bodies[-1]), Finished)


def test_a_slow_column_holds_up_no_other(workspace: Workspace) -> None:
    door = Gate(lambda chat: "one two three" if chat.model == "starter" else "quick")
    comparing = Comparing(workspace, door)
    comparison = comparing.ask("Well?", [BASE, TUNED])
    until(lambda: comparing.read(comparison.id, "tuned").state is AnswerState.WRITING)
    door.open.set()
    assert comparing.wait(PATIENCE_S)


def test_words_are_shown_while_the_model_is_silent_and_gathered_when_it_is_fast(workspace: Workspace) -> None:
    door = Gate(lambda _chat: "word " * 200)
    comparing = Comparing(workspace, door)
    comparison = comparing.ask("Well?", [BASE])
    until(lambda: comparing.read(comparison.id, "base").text == "word ")
    door.open.set()
    assert comparing.wait(PATIENCE_S)
    assert comparing.read(comparison.id, "base").text == ("word " * 200).strip()
    deltas = [event for event in workspace.comparisons.events(comparison.id, "base") if event.type == "delta"]
    assert len(deltas) <= 8


def test_a_stop_comes_at_once_and_keeps_the_words(workspace: Workspace) -> None:
    door = Gate()
    comparing = Comparing(workspace, door)
    comparison = comparing.ask("Well?", [BASE, TUNED])
    until(lambda: comparing.read(comparison.id, "base").text == "one ")
    asked = time.monotonic()
    comparing.stop(comparison.id, "base")
    until(lambda: comparing.read(comparison.id, "base").state is AnswerState.STOPPED)
    assert time.monotonic() - asked < 3.0
    assert comparing.read(comparison.id, "base").text == "one "
    assert comparing.read(comparison.id, "tuned").state is not AnswerState.STOPPED
    door.open.set()
    assert comparing.wait(PATIENCE_S)
    assert comparing.read(comparison.id, "tuned").text == "one two three"
    assert kept_types(workspace, comparison.id)[-1] == "stopped"


def test_all_columns_stop_together(workspace: Workspace) -> None:
    door = Gate()
    comparing = Comparing(workspace, door)
    comparison = comparing.ask("Well?", [BASE, TUNED])
    comparing.stop(comparison.id)
    assert comparing.wait(PATIENCE_S)
    assert {state for _, state in workspace.comparisons.states(comparison.id).values()} == {AnswerState.STOPPED}
    door.open.set()
    assert door.closed.wait(PATIENCE_S)


def test_again_fences_out_the_attempt_before(workspace: Workspace) -> None:
    door = Gate()
    comparing = Comparing(workspace, door)
    comparison = comparing.ask("Well?", [BASE])
    until(lambda: comparing.read(comparison.id, "base").text == "one ")
    assert comparing.again(comparison.id, "base") == 2
    door.open.set()
    assert comparing.wait(PATIENCE_S)
    answer = comparing.read(comparison.id, "base")
    assert (answer.attempt, answer.state, answer.text) == (2, AnswerState.FINISHED, "one two three")
    first = workspace.comparisons.events(comparison.id, "base", attempt=1)
    assert first[-1].type == "stopped"
    with pytest.raises(NotFound, match="no column 'other'"):
        comparing.again(comparison.id, "other")


def test_again_takes_the_part_that_lacked_before_and_leaves_the_others_as_they_were(workspace: Workspace) -> None:
    put_documents(workspace, {"returns.md": "# Returns\n\nAn e-bike comes back within 14 days of delivery."})
    comparing = Comparing(workspace, ScriptedModel(lambda _chat: "Thanks for asking!"))
    asked = [Column("tuned", "tuned"), Column("documents", "documents", collection="Others")]
    comparison = comparing.ask("Well?", asked)
    assert comparing.wait(PATIENCE_S)
    assert comparing.read(comparison.id, "tuned").state is AnswerState.MISSING
    adapter = keep_adapter(workspace)
    comparing.again(comparison.id, "tuned")
    assert comparing.wait(PATIENCE_S)
    assert comparing.read(comparison.id, "tuned").text == "Thanks for asking!"
    tuned, documents = workspace.comparisons.get(comparison.id).columns
    assert (tuned.adapter_id, documents) == (adapter.id, asked[1])
    newer = keep_adapter(workspace)
    comparing.again(comparison.id, "tuned")
    assert workspace.comparisons.get(comparison.id).columns[0].adapter_id == adapter.id != newer.id
    assert comparing.wait(PATIENCE_S)


def test_what_nobody_foresaw_ends_the_column_in_words(workspace: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_chat: Chat) -> str:
        raise ZeroDivisionError

    comparing = Comparing(workspace, ScriptedModel(broken))
    comparison = comparing.ask("Well?", [BASE])
    assert comparing.wait(PATIENCE_S)
    answer = comparing.read(comparison.id, "base")
    assert (answer.state, answer.error) == (
        AnswerState.FAILED,
        "Something of ours broke while this column was answering.",
    )
    assert answer.next_step
    assert "ZeroDivisionError" in caplog.text


def test_a_new_process_stops_what_the_old_one_left(workspace: Workspace) -> None:
    comparison = workspace.comparisons.start("Well?", [BASE])
    workspace.comparisons.begin(comparison.id, "base", "the process before")
    half = Delta(text="Half an")
    workspace.comparisons.append(comparison.id, "base", 1, half.type, half.model_dump(mode="json"))
    comparing = Comparing(workspace, ScriptedModel())
    answer = comparing.read(comparison.id, "base")
    assert (answer.state, answer.text) == (AnswerState.STOPPED, "Half an")


def test_asking_now_keeps_nothing_and_answers_in_order(workspace: Workspace) -> None:
    door = ScriptedModel(lambda chat: "none" if chat.response_format else f"From {chat.model}.")
    answers = ask_now("Which model?", [TUNED, BASE, TOOLS], Bench(workspace, door))
    assert [answer.text for answer in answers] == ["From adapter:a1.", "From starter.", "From starter."]
    assert workspace.comparisons.list() == []
    assert ask_now("Nobody?", [], Bench(workspace, door)) == []


def test_an_answer_adds_up_from_its_events() -> None:
    assert collect(BASE, []).state is AnswerState.WAITING
    some = [Started(phase="search"), Retrieved(passages=(), threshold=0.3, index_version=1), Delta(text="So ")]
    assert (collect(BASE, some).state, collect(BASE, some).text) == (AnswerState.WRITING, "So ")
    whole = collect(BASE, [*some, Finished(text="So be it.", seconds=2.0, tokens=3)], attempt=4)
    assert (whole.text, whole.attempt, whole.seconds, whole.tokens) == ("So be it.", 4, 2.0, 3)
