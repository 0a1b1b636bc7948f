"""The form that adds tools of an MCP server, and what it says of them."""

from typing import Any

import gradio as gr
import pytest

from jobs.tools.mcp.adding import Terms
from jobs.tools.mcp.changing import Standing
from jobs.tools.mcp.offered import Offered, offered
from storage.errors import UserFault
from storage.records import Permission, ToolRecord
from studio.mcp_form import McpForm
from studio.views import mcp as view

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}, "units": {}}, "required": ["city"]}


@pytest.fixture
def weather() -> Offered:
    return offered({"name": "get_weather", "description": "Says the weather `now`.", "inputSchema": SCHEMA})


def filled(**given: Any) -> tuple[McpForm, dict[Any, Any]]:
    form = McpForm(
        gr.Textbox(), gr.Textbox(), gr.Textbox(), gr.Checkbox(), gr.CheckboxGroup(choices=["get_weather"]), gr.Textbox()
    )
    return form, {field: given.get(name) for name, field in vars(form).items()}


def test_a_server_is_looked_at_and_what_is_ticked_is_approved_under_the_same_terms() -> None:
    form, values = filled(name=" desk ", address=" https://a.example/mcp ", header="X-Key: hunter2", inner=True)
    assert form.inputs == set(values)
    looked = form.terms(values)
    assert looked == Terms("desk", "https://a.example/mcp", "X-Key: hunter2", True)
    form, values = filled(
        address="https://b.example",
        header="X-Key: hunter3",
        ticked=["get_weather"],
        questions="get_weather: In Bonn: now?",
    )
    asked = form.asked(values, looked)
    assert (asked.address, asked.inner, asked.secret) == ("https://a.example/mcp", True, "X-Key: hunter3")
    assert asked.questions == {"get_weather": "In Bonn: now?"}
    for lines in "other: Why?", "get_weather", "get_weather: ":
        with pytest.raises(UserFault, match="no ticked tool, or holds no question"):
            view.questions([lines], ["get_weather"])


def test_all_that_a_model_would_read_stands_where_it_is_ticked(weather: Offered) -> None:
    (line, name), *_ = view.choices([weather], {"get_weather": Standing("new", "Q?")})
    assert name == "get_weather"
    assert line == (
        "get_weather: Says the weather now . (may change something, asks you each time; needs city (text: city); "
        "leaves out units)"
    )
    changed = {"get_weather": Standing("changed", "Q?", "Its description was *so*.")}
    assert view.choices([weather], changed)[0][0].endswith(" · changed since you approved it")
    found = view.found("desk", [weather], changed)
    assert "**desk** offers 1 tool: 1 can be used." in found
    assert "is off, since its server changed it after you approved it. Its description was \\*so\\*." in found
    assert view.why_not([weather]) == "All that it offers can be used."


def test_questions_that_a_person_wrote_stay() -> None:
    known = {"a": Standing("new", "Which a?"), "b": Standing("same", "Which b: now?")}
    assert view.question_lines(known, ["a", "b"], "") == "a: Which a?\nb: Which b: now?"
    assert view.question_lines(known, ["a"], "b: mine\na: my own: one?\nelse") == "a: my own: one?"


@pytest.mark.parametrize("command", [None, ["/usr/bin/desk"]])
def test_what_a_server_said_is_no_markup_on_its_card(command: list[str] | None) -> None:
    config = {
        "where": "desk",
        "inner": True,
        "secret": False,
        "changed": "now “[x](https://a.example)”",
        "command": command,
    }
    line = view.about(ToolRecord("mcp_desk__a", "mcp", Permission.OFF, "", config))
    assert "**Off, since its server changed it.**" in line
    assert "](https" not in line
