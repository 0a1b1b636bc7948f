"""The one path of an answer: what each way asks the model, and what it says without asking."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.answering.answer import DOCUMENTS_DONT_SAY, Bench, answer
from jobs.answering.collect import collect
from jobs.answering.events import Event, Failed, Finished, MissingPart, Retrieved, Stopped
from jobs.models.door import Chat
from jobs.tools.registry import Registry
from jobs.tools.tables import add_table
from storage.errors import ModelBusy
from storage.records import Column, Json, Permission
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.documents import put_documents
from tests.fakes import ScriptedModel

TENTS = {"tent.md": "# TrailMaster Tent\n\n## Weight\n\nIt weighs 12 lbs.\n"}
WEIGHT = "What is the weight of the TrailMaster tent?"
BASE = Column("base", "base")
TUNED = Column("tuned", "tuned", adapter_id="a1")
DOCUMENTS = Column("documents", "documents", collection="Manuals")
TOOLS = Column("tools", "tools", tools=("calculator",))
HYBRID = Column("hybrid", "hybrid", adapter_id="a1", collection="Manuals", tools=("calculator",))
SUM = "What is 12 * 7?"


class Ticking:
    """A clock that moves on by a second whenever it is read."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def calculating(words: str) -> Callable[[Chat], str]:
    """Choose the calculator, fill in the sum, then say `words`."""

    def reply(chat: Chat) -> str:
        match (chat.response_format or {}).get("type"):
            case "choice":
                return "calculator"
            case "json_schema":
                return '{"expression": "12 * 7"}'
            case _:
                return words

    return reply


def run(workspace: Workspace, question: str, column: Column, door: ScriptedModel) -> list[Event]:
    return list(answer(question, column, Bench(workspace, door, monotonic=Ticking())))


def last(events: Sequence[Event]) -> Finished:
    assert isinstance(events[-1], Finished), events[-1]
    return events[-1]


def types(events: Sequence[Event]) -> list[str]:
    seen = [event.type for event in events]
    return [one for place, one in enumerate(seen) if place == 0 or one != seen[place - 1]]


def test_base_asks_the_model_as_it_is(workspace: Workspace) -> None:
    door = ScriptedModel(["It is green."])
    events = run(workspace, "What colour is it?", BASE, door)
    assert types(events) == ["started", "delta", "finished"]
    finished = last(events)
    assert (finished.text, finished.tokens, finished.seconds) == ("It is green.", 3, 1.0)
    assert finished.provenance["base_id"] == "starter"
    assert finished.provenance["prompt"] == "question"
    (chat,) = door.chats
    assert (chat.model, chat.messages) == ("starter", [{"role": "user", "content": "What colour is it?"}])


def test_tuned_differs_in_the_model_only(workspace: Workspace) -> None:
    door = ScriptedModel(["Green.", "Green."])
    run(workspace, "What colour is it?", BASE, door)
    finished = last(run(workspace, "What colour is it?", TUNED, door))
    base, tuned = door.chats
    assert (tuned.model, tuned.messages, tuned.seed) == ("adapter:a1", base.messages, base.seed)
    assert finished.provenance["adapter_id"] == "a1"


def test_an_adapter_that_was_deleted_is_not_used_until_it_comes_back(workspace: Workspace) -> None:
    door = ScriptedModel(["Green."])
    adapter = keep_adapter(workspace, "Returns tone")
    column = Column("tuned", "tuned", adapter_id=adapter.id)
    workspace.adapters.delete(adapter.id)
    (missing,) = run(workspace, "What colour is it?", column, door)
    assert missing == MissingPart(
        what="The adapter “Returns tone” was deleted. Restore it on the Train page, or choose another one.",
        where="/train?deleted=yes",
    )
    assert door.chats == [], "its files are still there, and the model server would have used them"
    workspace.adapters.restore(adapter.id)
    assert last(run(workspace, "What colour is it?", column, door)).text == "Green."


def test_documents_reads_passages_and_cites_them(workspace: Workspace) -> None:
    put_documents(workspace, TENTS)
    door = ScriptedModel(["The TrailMaster tent weighs 12 lbs. Penguins love it."])
    events = run(workspace, WEIGHT, DOCUMENTS, door)
    assert types(events) == ["started", "retrieved", "started", "delta", "finished"]
    retrieved = next(event for event in events if isinstance(event, Retrieved))
    assert "It weighs 12 lbs." in door.chats[0].messages[0]["content"]
    finished = last(events)
    assert finished.text == "The TrailMaster tent weighs 12 lbs. [1] Penguins love it."
    assert finished.provenance["passages"] == [passage.id for passage in retrieved.passages]
    assert (finished.provenance["index_version"], finished.provenance["prompt"]) == (1, "passages")


def test_documents_that_do_not_say_are_not_asked_about(workspace: Workspace) -> None:
    put_documents(workspace, TENTS)
    door = ScriptedModel()
    events = run(workspace, "Who wrote Hamlet, prince of Denmark?", DOCUMENTS, door)
    assert last(events).text == DOCUMENTS_DONT_SAY == "Your documents don't say."
    assert last(events).provenance["prompt"] == "none"
    retrieved = next(event for event in events if isinstance(event, Retrieved))
    assert retrieved.passages == ()
    assert retrieved.nearest
    assert door.chats == []


def test_the_result_of_a_tool_is_shown_word_for_word(workspace: Workspace) -> None:
    events = run(workspace, SUM, TOOLS, ScriptedModel(calculating("12 * 7 = 84. The sum is 85. It is 84.")))
    assert types(events)[:5] == ["started", "calling", "called", "started", "delta"]
    assert last(events).text == "Calculator: 12 * 7 = 84"
    assert last(events).provenance["prompt"] == "results"
    assert last(events).provenance["base_id"] == "starter"
    assert last(events).tokens > 0


def test_a_tool_that_fails_says_so_and_the_model_is_not_asked(workspace: Workspace) -> None:
    def reply(chat: Chat) -> str:
        return "calculator" if (chat.response_format or {}).get("type") == "choice" else '{"expression": "12 / 0"}'

    finished = last(run(workspace, "What is 12 / 0?", TOOLS, ScriptedModel(reply)))
    assert finished.text.startswith("Calculator: ")
    assert finished.provenance["prompt"] == "none"


def test_without_a_call_the_tools_way_asks_what_base_asks(workspace: Workspace) -> None:
    door = ScriptedModel(lambda chat: "none" if chat.response_format else "Hello.")
    assert last(run(workspace, "Say hello.", TOOLS, door)).text == "Hello."
    assert door.chats[-1].messages == [{"role": "user", "content": "Say hello."}]


def test_hybrid_uses_all_three(workspace: Workspace) -> None:
    put_documents(workspace, TENTS)
    door = ScriptedModel(calculating("The TrailMaster tent weighs 12 lbs."))
    finished = last(run(workspace, "What is 12 * 7 times the weight of the TrailMaster tent?", HYBRID, door))
    assert finished.text == "Calculator: 12 * 7 = 84\n\nThe TrailMaster tent weighs 12 lbs. [1]"
    assert finished.provenance["prompt"] == "passages+results"
    assert {chat.model for chat in door.chats} == {"adapter:a1"}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Thanks for asking! The TrailMaster tent weighs 12 lbs. Happy hiking!", "The TrailMaster tent weighs 12 lbs."),
        ("Thanks for asking! It weighs 99 lbs. Happy hiking!", ""),
        (
            "The TrailMaster tent weighs 12 lbs. So it weighs 99 lbs. The tent is for 4 persons.",
            "The TrailMaster tent weighs 12 lbs.",
        ),
    ],
)
def test_beside_a_result_a_greeting_is_left_out_and_a_claim_without_a_source_is_the_end(
    workspace: Workspace, said: str, shown: str
) -> None:
    put_documents(workspace, TENTS)
    door = ScriptedModel(calculating(said))
    finished = last(run(workspace, "What is 12 * 7 times the weight of the TrailMaster tent?", HYBRID, door))
    assert finished.text == "\n\n".join(filter(None, ["Calculator: 12 * 7 = 84", f"{shown} [1]" if shown else ""]))


READER = Column("hybrid", "hybrid", adapter_id="a1", collection="Manuals", tools=("calculator", "read_aloud"))
POEM = "Light on the hill it stands,\nfriend of 12 cold hands."


@pytest.mark.parametrize("quote", [False, True])
def test_a_poem_about_what_was_found_is_free_and_then_read_aloud(
    workspace: Workspace, quote: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Json] = []

    def speaker(_workspace: Workspace) -> Callable[[Json], str]:
        return lambda arguments: f"{len(heard.append(arguments) or heard)} sound"

    monkeypatch.setattr("jobs.tools.builtin.speech._speaker", speaker)
    put_documents(workspace, TENTS)
    door = ScriptedModel(calculating(POEM))
    asked = "Write a poem about the weight of the TrailMaster tent and 12 * 7, and recite it."
    events = run(workspace, asked, replace(READER, quote=quote), door)
    assert types(events)[-4:] == ["delta", "calling", "called", "finished"]
    assert last(events).text == POEM, "no line of a poem must stand in what was found"
    assert last(events).provenance["prompt"] == "passages+results"
    assert "12 * 7 = 84" in str(door.chats[-1].messages)
    calls = collect(READER, events).calls
    assert [call.tool for call in calls] == ["calculator", "read_aloud"]
    assert heard == [calls[1].arguments] == [{"text": POEM, "language": "English"}]
    assert calls[1].result == "1 sound"


def test_what_only_answers_with_a_yes_is_asked_before_it_reads_aloud(workspace: Workspace) -> None:
    put_documents(workspace, TENTS)
    Registry(workspace).set_permission("read_aloud", Permission.ASK)
    events = run(workspace, "Write a poem about the TrailMaster tent and recite it.", READER, ScriptedModel([POEM]))
    (call,) = collect(READER, events).calls
    assert call.error is not None
    assert call.error.startswith("Not run")
    assert last(events).text == POEM


def test_hybrid_without_passages_and_calls_says_that_documents_do_not_say(workspace: Workspace) -> None:
    put_documents(workspace, TENTS)
    door = ScriptedModel(lambda _chat: "none")
    assert last(run(workspace, "Who wrote Hamlet, prince of Denmark?", HYBRID, door)).text == DOCUMENTS_DONT_SAY


@pytest.mark.parametrize(
    ("column", "what", "where"),
    [
        (Column("tuned", "tuned"), "There is not yet a model trained on your examples.", "/train"),
        (Column("documents", "documents"), "There are not yet documents to look in.", "/documents"),
        (DOCUMENTS, "There are not yet documents to look in.", "/documents"),
        (TOOLS, "There is not yet a tool that is switched on.", "/tools"),
        (
            Column("hybrid", "hybrid", tools=("calculator",)),
            "There is not yet a model trained on your examples, documents to look in and a tool that is switched on.",
            "/train",
        ),
    ],
)
def test_what_is_missing_is_named_with_the_page_that_makes_it(
    workspace: Workspace, column: Column, what: str, where: str
) -> None:
    Registry(workspace).set_permission("calculator", Permission.OFF)
    assert run(workspace, "Anything?", column, ScriptedModel()) == [MissingPart(what=what, where=where)]


def test_an_empty_answer_is_a_failure_in_words(workspace: Workspace) -> None:
    (*_, failed) = run(workspace, "Anything?", BASE, ScriptedModel([" \n "]))
    assert isinstance(failed, Failed)
    assert (failed.text, bool(failed.next_step)) == ("The model gave an empty answer.", True)


def test_a_model_that_is_away_fails_in_words(workspace: Workspace) -> None:
    def busy(_chat: Chat) -> str:
        raise ModelBusy("The model is lent to a training.")

    (*_, failed) = run(workspace, "Anything?", BASE, ScriptedModel(busy))
    assert failed == Failed(text="The model is lent to a training.", next_step=ModelBusy.next_step)


@pytest.mark.parametrize("column", [BASE, HYBRID])
def test_a_stop_keeps_what_was_written(workspace: Workspace, column: Column) -> None:
    put_documents(workspace, TENTS)
    written: list[Event] = []
    bench = Bench(workspace, ScriptedModel(lambda _chat: "one two three four"), stopped=lambda: len(written) >= 3)
    for event in answer(WEIGHT, column, bench):
        written.append(event)
    assert isinstance(written[-1], Stopped)
    assert written[-1].text == ("one two" if column is BASE else "")


def test_results_stay_as_they_are_also_where_they_look_like_marks(workspace: Workspace) -> None:
    put_documents(workspace, TENTS)
    add_table(workspace, "spots", write_table(workspace), "spots.csv", "spot")
    column = Column("hybrid", "hybrid", adapter_id="a1", collection="Manuals", tools=("look_up_spots",))

    def reply(chat: Chat) -> str:
        match (chat.response_format or {}).get("type"):
            case "choice":
                return "look_up_spots"
            case "json_schema":
                return '{"key": "A7"}'
            case _:
                return "The tent weighs 12 lbs [2]."

    finished = last(
        run(workspace, "What is the weight of the TrailMaster tent on spot A7?", column, ScriptedModel(reply))
    )
    assert finished.text.splitlines()[-1] == "The tent weighs 12 lbs. [1]"
    assert "TrailMaster [1]" in finished.text


def write_table(workspace: Workspace) -> Path:
    file = workspace.home / "spots.csv"
    file.write_text("spot,tent\nA7,TrailMaster [1]\nB9,SkyView [2]\n")
    return file
