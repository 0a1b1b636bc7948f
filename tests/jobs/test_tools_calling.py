"""A model chooses under a mask and fills in under a mask; limits, permissions and faults end in calls that say so."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from jobs.models.door import Chat
from jobs.tools.approving import Decision
from jobs.tools.builtin.calculator import calculator
from jobs.tools.calling import Step, call_tools
from jobs.tools.narrowing import unused
from jobs.tools.running import run_tool
from jobs.tools.tool import Arguments, Tool, ToolFault
from storage.records import Json, Permission, ToolCall
from tests.fakes import ScriptedModel

CALCULATOR = calculator()
SCHEMA: Json = {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}


def tool(name: str, run: Callable[[Arguments], str], **values: object) -> Tool:
    return Tool(name, name.title(), f"The {name}.", SCHEMA, run, **values)  # pyright: ignore[reportArgumentType]


def steps(model: ScriptedModel, question: str, *tools: Tool, **options: object) -> list[Step]:
    return list(call_tools(model, "starter", question, tools, **options))  # pyright: ignore[reportArgumentType]


def results(made: list[Step]) -> list[ToolCall]:
    return [step.call for step in made if step.kind == "called" and step.call]


def obedient(chat: Chat) -> str:
    """A model that always calls: the first choice that is no refusal, the first value that the schema admits."""
    assert chat.response_format is not None
    if chat.response_format["type"] == "choice":
        return chat.response_format["choices"][0]
    schema = chat.response_format["json_schema"]["schema"]
    return json.dumps({name: values["enum"][0] for name, values in schema["properties"].items()})


def test_a_call_is_chosen_filled_in_and_run() -> None:
    model = ScriptedModel(obedient)
    made = steps(model, "What is 6 * 7?", CALCULATOR, seed=3)
    assert [step.kind for step in made] == ["choose", "fill", "calling", "called"]
    [call] = results(made)
    assert (call.tool, call.arguments, call.result, call.error) == (
        "calculator",
        {"expression": "6 * 7"},
        "6 * 7 = 42",
        None,
    )
    assert {chat.seed for chat in model.chats} == {3}


def test_arguments_are_filled_in_after_an_example_in_the_order_of_the_schema() -> None:
    two = {**SCHEMA, "properties": {"word": {"type": "string"}, "größe": {"type": "integer"}}}
    shown = tool("oven", str, examples=(("Bake two rolls.", {"größe": 2, "word": "Brötchen"}), ("Bake.", {})))
    model = ScriptedModel(["oven", '{"word": "cake"}'])
    steps(model, "Bake a cake.", replace(shown, schema=two))
    messages = model.chats[1].messages
    assert [message["content"] for message in messages[1:]] == [
        "Bake two rolls.",
        '{"word": "Brötchen", "größe": 2}',
        "Bake a cake.",
    ]
    assert model.chats[1].shared == 3


def test_the_mask_admits_the_tools_with_evidence_and_none() -> None:
    model = ScriptedModel(["none"])
    other = tool("oven", str)
    hidden = tool("radio", str, narrow=lambda _: None)
    assert steps(model, "Is 6 * 7 lucky?", CALCULATOR, other, hidden)[-1] == Step("choose")
    assert model.chats[0].response_format == {"type": "choice", "choices": ["calculator", "oven", "none"]}


def test_where_one_is_sure_none_is_no_choice_and_one_alone_is_called() -> None:
    model = ScriptedModel(["calculator", '{"expression": "6 * 7"}', "none"])
    table = tool("look_up", str, narrow=lambda _: {**SCHEMA, "properties": {"word": {"enum": ["10443"]}}}, sure=bool)
    assert results(steps(model, "What is 6 * 7, and order 10443?", CALCULATOR, table))[0].tool == "calculator"
    offered = [chat.response_format["choices"] for chat in model.chats if chat.max_tokens == 24]
    assert offered == [["calculator", "look_up"], ["look_up", "none"]]
    alone = ScriptedModel(['{"word": "10443"}'])
    assert [call.tool for call in results(steps(alone, "Order 10443?", table))] == ["look_up"]


def test_what_acts_is_never_without_a_choice() -> None:
    model = ScriptedModel(["none"])
    acts = tool("refund", str, narrow=lambda _: {**SCHEMA, "properties": {"word": {"enum": ["LC-4101"]}}},
                effect="acts", permission=Permission.ASK, sure=bool)  # fmt: skip
    assert results(steps(model, "Refund LC-4101!", acts)) == []
    assert model.chats[0].response_format == {"type": "choice", "choices": ["refund", "none"]}


def test_each_tool_that_is_offered_is_shown_chosen_once() -> None:
    model = ScriptedModel(["none"])
    other = tool("oven", str, examples=(("Bake a cake!", {"word": "cake"}), ("Bake bread!", {"word": "bread"})))
    steps(model, "What is 6 * 7?", CALCULATOR, other, tool("bell", str), tool("radio", str, narrow=lambda _: None))
    [chat] = model.chats
    assert [(turn["role"], turn["content"]) for turn in chat.messages[1:]] == [
        ("user", CALCULATOR.examples[0][0]), ("assistant", "calculator"),
        ("user", "Bake a cake!"), ("assistant", "oven"),
        ("user", "What is 6 * 7?"),
    ]  # fmt: skip


def test_without_evidence_the_model_is_not_even_asked() -> None:
    model = ScriptedModel([])
    assert steps(model, "Who wrote Hamlet?", CALCULATOR) == []
    assert model.chats == []


def test_every_sum_of_a_question_can_be_called_but_none_twice() -> None:
    made = steps(ScriptedModel(obedient), "Which is more, 3 * 4 or 2 * 7?", CALCULATOR)
    assert [call.result for call in results(made)] == ["3 * 4 = 12", "2 * 7 = 14"]


def test_three_calls_are_the_most() -> None:
    question = "1 + 1 or 1 + 2 or 1 + 3 or 1 + 4?"
    assert len(results(steps(ScriptedModel(obedient), question, CALCULATOR))) == 3


def test_a_repeated_call_ends_it() -> None:
    question = "Which is more, 3 * 4 or 2 * 7?"
    model = ScriptedModel(["calculator", '{"expression": "3 * 4"}'] * 2)
    assert len(results(steps(model, question, CALCULATOR))) == 1


def test_a_tool_without_narrowing_is_called_with_what_the_model_writes() -> None:
    model = ScriptedModel(["oven", '{"word": "hot"}'])
    [call] = results(steps(model, "Bake!", tool("oven", lambda arguments: arguments["word"].upper())))
    assert call.result == "HOT"
    assert model.chats[1].response_format == {"type": "json_schema", "json_schema": {"name": "oven", "schema": SCHEMA}}


class Person:
    """Decides on every call as told beforehand, and remembers what was asked."""

    def __init__(self, decision: Decision) -> None:
        self.asked: list[ToolCall] = []
        self._decision = decision

    def ask(self, call: ToolCall) -> float:
        self.asked.append(call)
        return 60.0

    def decided(self) -> Decision:
        return self._decision


SCRIPT = ["oven", '{"word": "hot"}']


def test_a_tool_that_asks_runs_only_after_a_yes() -> None:
    asking = tool("oven", lambda _: "baked", permission=Permission.ASK)
    person = Person("allowed")
    allowed = steps(ScriptedModel(SCRIPT), "Bake!", asking, approve=person)
    assert [step.kind for step in allowed] == ["choose", "fill", "asking", "calling", "called"]
    assert results(allowed)[0].result == "baked"
    assert allowed[2] == Step("asking", ToolCall("oven", {"word": "hot"}), 60.0)
    assert person.asked == [ToolCall("oven", {"word": "hot"})]


@pytest.mark.parametrize(
    ("decision", "said"),
    [("refused", "you refused it"), ("expired", "nobody allowed it in time"), ("stopped", "the answer was stopped")],
)
def test_a_call_without_a_yes_is_not_run(decision: Decision, said: str) -> None:
    ran: list[Arguments] = []
    asking = tool("oven", lambda given: str(ran.append(given)), permission=Permission.ASK)
    made = steps(ScriptedModel(SCRIPT), "Bake!", asking, approve=Person(decision))
    assert [step.kind for step in made] == ["choose", "fill", "asking", "called"]
    assert results(made)[0].result is None
    assert str(results(made)[0].error).startswith(f"Not run: {said}")
    assert ran == []


def test_where_nobody_can_be_asked_it_is_not_run() -> None:
    made = steps(ScriptedModel(SCRIPT), "Bake!", tool("oven", lambda _: "baked", permission=Permission.ASK))
    assert [step.kind for step in made] == ["choose", "fill", "called"]
    assert "only after a person's yes" in str(results(made)[0].error)


def acting(run: Callable[[Arguments], str] = lambda _: "sent", **values: object) -> Tool:
    """A tool that changes things; without more it may send what is called a or b."""
    words: Json = {"properties": {"word": {"enum": ["a", "b"]}}, "required": ["word"]}
    given = {"permission": Permission.ASK, "narrow": lambda _question: words, **values}
    return tool("post", run, effect="acts", **given)


def test_a_tool_that_acts_asks_even_where_it_is_said_to_run_by_itself() -> None:
    tampered = acting(permission=Permission.AUTO)
    made = steps(ScriptedModel(obedient), "Send a!", tampered)
    assert "only after a person's yes" in str(results(made)[0].error)
    person = Person("allowed")
    assert [call.result for call in results(steps(ScriptedModel(obedient), "Send a!", tampered, approve=person))]
    assert person.asked[0].arguments == {"word": "a"}


def test_a_tool_that_acts_is_offered_only_with_values_of_the_question() -> None:
    for narrow in (lambda _: {}, lambda _: SCHEMA, lambda _: {"properties": {}}, lambda _: None):
        model = ScriptedModel([])
        assert steps(model, "Send!", acting(narrow=narrow), approve=Person("allowed")) == []
        assert model.chats == []
    one_of: Json = {"anyOf": [{"properties": {"word": {"enum": ["c"]}}}]}
    model = ScriptedModel(["post", '{"word": "c"}'])
    [call] = results(steps(model, "Send c!", acting(narrow=lambda _: one_of), approve=Person("allowed")))
    assert call.result == "sent"


@pytest.mark.parametrize("filled", ['{"word": "z"}', '{"word": "a", "to": "everybody"}', "{}"])
def test_what_does_not_stand_in_the_question_never_reaches_a_tool_that_acts(filled: str) -> None:
    person = Person("allowed")
    made = steps(ScriptedModel(["post", filled, "none"]), "Send a!", acting(), approve=person)
    assert [call.error for call in results(made)] == ["Not run: its arguments do not stand in the question."]
    assert person.asked == []


def test_a_tool_that_acts_and_breaks_is_not_said_to_have_done_nothing() -> None:
    def break_down(_: Arguments) -> str:
        raise ZeroDivisionError

    call = ToolCall("post", {"word": "a"})
    assert "It is not known whether this was done." in str(run_tool(acting(break_down), call).error)
    released = threading.Event()
    slow = run_tool(acting(lambda _: str(released.wait(20))), call, limit_s=0.05)
    released.set()
    assert slow.error == "Post took longer than 0.05 s. It is not known whether this was done."


def test_faults_become_the_error_of_the_call(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(_: Arguments) -> str:
        raise ToolFault("The oven is cold.")

    def break_down(_: Arguments) -> str:
        raise ZeroDivisionError("deep inside")

    call = ToolCall("oven", {"word": "hot"})
    assert run_tool(tool("oven", refuse), call).error == "The oven is cold."
    assert run_tool(tool("oven", break_down), call).error == "Oven failed unexpectedly (ZeroDivisionError)."
    assert "deep inside" in caplog.text


def test_a_tool_that_hangs_is_left_behind() -> None:
    released = threading.Event()
    call = run_tool(tool("oven", lambda _: str(released.wait(20))), ToolCall("oven", {}), limit_s=0.05)
    released.set()
    assert call.error == "Oven took longer than 0.05 s."
    assert call.seconds >= 0.05


def test_what_was_called_is_taken_out_of_the_schema() -> None:
    values = {"properties": {"key": {"enum": ["a", "b"]}}}
    assert unused(values, [{"key": "a"}]) == {"properties": {"key": {"enum": ["b"]}}}
    assert unused(values, [{"key": "a"}, {"key": "b"}]) is None
    now, today = ({"properties": {"operation": {"enum": [name]}}} for name in ("now", "today"))
    assert unused({"anyOf": [now, today]}, [{"operation": "now"}]) == {"anyOf": [today]}
    assert unused({"anyOf": [now]}, [{"operation": "now"}]) is None
    assert unused(SCHEMA, [{"word": "x"}]) is None
