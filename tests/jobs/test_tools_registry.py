"""The registry lists tools by permission and notes their use; arguments of a person's own are checked first."""

from pathlib import Path

import pytest

from jobs.tools.arguments import checked_arguments
from jobs.tools.registry import Registry, try_tool
from jobs.tools.tables import add_table
from jobs.tools.tool import ToolFault
from storage.errors import NotFound
from storage.records import Json, Permission
from storage.settings import Settings
from storage.workspace import Workspace


@pytest.fixture
def registry(workspace: Workspace) -> Registry:
    return Registry(workspace)


def names(registry: Registry, *wanted: str) -> list[str]:
    return [tool.name for tool in registry.tools(wanted or None)]


def test_what_comes_with_triptych_is_on(registry: Registry) -> None:
    assert names(registry) == ["calculator", "date_and_time", "read_aloud", "convert_units"]
    assert all(tool.permission is Permission.AUTO for tool in registry.all())


def test_a_tool_that_is_off_is_listed_only_as_such(workspace: Workspace, registry: Registry) -> None:
    registry.set_permission("calculator", Permission.OFF)
    assert names(registry) == ["date_and_time", "read_aloud", "convert_units"]
    assert names(Registry(workspace), "calculator") == []
    assert registry.get("calculator").permission is Permission.OFF
    registry.set_permission("calculator", Permission.ASK)
    assert names(registry) == ["calculator", "date_and_time", "read_aloud", "convert_units"]


def test_tables_join_the_list_and_names_choose_from_it(
    workspace: Workspace, registry: Registry, tmp_path: Path
) -> None:
    path = tmp_path / "lamps.csv"
    path.write_text("name,price\nDesk,9\n")
    add_table(workspace, "lamps", path, "lamps.csv", "name")
    assert names(registry) == ["calculator", "date_and_time", "read_aloud", "convert_units", "look_up_lamps"]
    assert names(registry, "look_up_lamps") == ["look_up_lamps"]


def test_an_unknown_name_is_said(registry: Registry) -> None:
    for ask in (registry.get, lambda name: registry.tools([name])):
        with pytest.raises(NotFound, match="no tool 'oven'"):
            ask("oven")
    with pytest.raises(NotFound):
        registry.set_permission("oven", Permission.OFF)


def test_trying_runs_the_tool_and_notes_its_use(settings: Settings) -> None:
    workspace = Workspace.open(settings, clock=lambda: 70.0)
    call = try_tool(Registry(workspace), "calculator", {"expression": " 6 * 7 "})
    assert (call.result, call.error) == ("6 * 7 = 42", None)
    assert workspace.tools.get("calculator").last_used_at == 70.0
    assert try_tool(Registry(workspace), "calculator", {"expression": "1 / 0"}).error == (
        "Dividing by zero has no result."
    )
    workspace.close()


SCHEMA: Json = {
    "type": "object",
    "properties": {
        "unit": {"enum": ["days", "weeks"]},
        "amount": {"type": "integer"},
        "share": {"type": "number"},
        "text": {"type": "string", "maxLength": 3},
    },
    "required": ["unit"],
}


def test_arguments_from_a_form_become_what_the_schema_wants() -> None:
    given = {"unit": "days", "amount": "-3", "share": "0.5", "text": "", "other": None}
    assert checked_arguments(SCHEMA, given) == {"unit": "days", "amount": -3, "share": 0.5}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({}, "'unit' is missing"),
        ({"unit": "years"}, "one of days, weeks, not 'years'"),
        ({"unit": "days", "amount": "three"}, "'amount' is a number"),
        ({"unit": "days", "amount": 1.5}, "'amount' is a whole number"),
        ({"unit": "days", "amount": "1e999"}, "'amount' is a whole number"),
        ({"unit": "days", "amount": [1]}, "'amount' is a number"),
        ({"unit": "days", "text": "long"}, "3 is the most"),
        ({"unit": "days", "size": 1}, "There is no 'size' here. There are: "),
    ],
)
def test_arguments_that_break_the_schema_are_a_sentence(arguments: Json, sentence: str) -> None:
    with pytest.raises(ToolFault, match=sentence):
        checked_arguments(SCHEMA, arguments)
