"""A model chooses under a mask and fills in under a mask; limits, permissions and faults end in calls that say so."""

import json
import threading
from collections.abc import Callable

import pytest

from jobs.models.door import Chat
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


def test_the_mask_admits_the_tools_with_evidence_and_none() -> None:
    model = ScriptedModel(["none"])
    other = tool("oven", str)
    hidden = tool("radio", str, narrow=lambda _: None)
    assert steps(model, "What is 6 * 7?", CALCULATOR, other, hidden)[-1] == Step("choose")
    assert model.chats[0].response_format == {"type": "choice", "choices": ["calculator", "oven", "none"]}


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


def test_a_tool_that_asks_runs_only_after_a_yes() -> None:
    asking = tool("oven", lambda _: "baked", permission=Permission.ASK)
    script = ["oven", '{"word": "hot"}']
    refused = steps(ScriptedModel(script), "Bake!", asking)
    assert [step.kind for step in refused] == ["choose", "fill", "asking", "called"]
    assert "only after a person's yes" in str(results(refused)[0].error)
    assert results(steps(ScriptedModel(script), "Bake!", asking, approve=lambda _: False))[0].result is None
    allowed = steps(ScriptedModel(script), "Bake!", asking, approve=lambda call: call.arguments == {"word": "hot"})
    assert [step.kind for step in allowed] == ["choose", "fill", "asking", "calling", "called"]
    assert results(allowed)[0].result == "baked"


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
