"""Rows that teach to use tools: drafted for the tools there are, read by a person, asked as answering asks."""

import json
from pathlib import Path

import pytest

from jobs.answering.labels import labels_of
from jobs.intake.editing import Changes, Texts, edit_dataset
from jobs.intake.saving import conversations
from jobs.models.conversation import learning
from jobs.teaching.calls import read, written
from jobs.teaching.tool_questions import QUESTIONS, draft_tool_questions
from jobs.teaching.using_tools import ROWS, lesson, teach_tools
from jobs.tools.calling import call_tools
from jobs.tools.choosing import NONE, choices, offers
from jobs.tools.database.adding import Source, add_database
from jobs.tools.narrowing import only_call
from jobs.tools.registry import Registry
from jobs.tools.sample_orders import add_order_tools
from jobs.tools.service.adding import Service, add_service
from jobs.tools.tables import add_table
from jobs.tools.tool import Tool
from storage.errors import NotFound, UserFault
from storage.records import Dataset, Example, Permission, ToolCall
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.fakes import ScriptedModel
from tests.shop import sqlite_shop

ORDERS = "order,state,carrier\n" + "".join(f"ORD-{1000 + nr},packed,Post\n" for nr in range(40))
LAMPS = "name,price,city\nNorth Star Lamp,12.50,Oslo\nHarbour Light,20,Lisbon\nNorth Wind Fan,30,Bern\n"


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    for name, text, key in (("orders", ORDERS, "order"), ("lamps", LAMPS, "name")):
        file = workspace.home / "upload"
        file.write_text(text)
        add_table(workspace, name, file, f"{name}.csv", key)
    return workspace


def rows(workspace: Workspace, made: Dataset) -> list[Example]:
    return workspace.datasets.examples(made.id)


def tools(workspace: Workspace) -> list[Tool]:
    return Registry(workspace).tools()


@pytest.mark.parametrize(
    "call",
    [
        None,
        ToolCall("calculator", {"expression": "mean(1, 2)"}),
        ToolCall("call_weather", {"city": 'St. "B", x=1', "days": 3, "share": 0.5}),
        ToolCall("now", {}),
    ],
)
def test_a_call_in_one_line_is_read_as_it_was_written(call: ToolCall | None) -> None:
    assert read(written(call)) == call


def test_a_person_may_leave_out_quotes() -> None:
    assert read(" None ") is None
    assert read("look_up_orders(key=ORD-7)") == ToolCall("look_up_orders", {"key": "ORD-7"})
    assert read("now") == ToolCall("now", {})
    assert read("look_up(key=10443-A, part = 007)") == ToolCall("look_up", {"key": "10443-A", "part": "007"})
    for broken in ("", "call it", "look_up(10443)", 'look_up(key="a" "b")', "look_up(key=1"):
        with pytest.raises(UserFault, match="can't be understood"):
            read(broken)


def test_every_draft_is_answered_with_its_call_and_a_fourth_wants_none(shop: Workspace) -> None:
    made = draft_tool_questions(shop, 48)
    drafted = rows(shop, made)
    assert (made.name, made.version, made.columns) == (QUESTIONS, 1, {"question": "question", "answer": "call"})
    assert {row.part for row in drafted} == {"learn", "watch", "exam"}
    none = [row for row in drafted if row.answer == NONE]
    assert len(none) * 4 == len(drafted) == 48
    known = tools(shop)
    for row in drafted:
        offered, call = offers(known, row.question, []), read(row.answer)
        if call is None:
            assert NONE in choices(offered), row
        else:
            assert call.tool == row.kind
            (schema,) = (offer.schema for offer in offered if offer.tool.name == call.tool)
            assert only_call(schema) == call.arguments, row
    looked_up = [row.question for row in drafted if row.kind == "look_up_lamps"]
    assert len(set(looked_up)) == len(looked_up) >= 5
    assert all(any(name in text for name in ("North Star Lamp", "Harbour Light", "Wind Fan")) for text in looked_up)


def test_the_same_seed_drafts_the_same_and_another_one_adds_what_lacks(shop: Workspace) -> None:
    first = rows(shop, draft_tool_questions(shop, 20, seed=3))
    with pytest.raises(UserFault, match="drafted already"):
        draft_tool_questions(shop, 20, seed=3)
    more = draft_tool_questions(shop, 20, seed=4)
    after = rows(shop, more)
    assert more.version == 2
    assert after[: len(first)] == first
    assert len(after) > len(first)
    assert len({row.question for row in after}) == len(after)


def test_databases_services_and_the_sample_are_drafted_for_by_what_they_hold(shop: Workspace, tmp_path: Path) -> None:
    source = Source(str(sqlite_shop(tmp_path)))
    add_database(shop, "shop", source, ["customer", "purchase"])
    add_order_tools(shop)
    weather = Service("weather", "The weather of a city.", "https://weather.example/{city}",
                      "What is the weather in Bern?", "city: text, the name of a city")  # fmt: skip
    add_service(shop, weather)
    drafted = rows(shop, draft_tool_questions(shop, 100))
    calls = [call for row in drafted if (call := read(row.answer))]
    by_tool = {tool: [call.arguments for call in calls if call.tool == tool] for tool in {call.tool for call in calls}}
    assert by_tool.keys() == {tool.name for tool in tools(shop)}
    assert {one["city"] for one in by_tool["call_weather"]} <= {"Oslo", "Lisbon", "Bern"}
    assert len({one["city"] for one in by_tool["call_weather"]}) > 1
    assert {one["find"] for one in by_tool["ask_shop"]} >= {"number"}
    assert all(one["order"].startswith("LC-") for one in by_tool["refund_order"])


def test_no_tool_no_drafts(workspace: Workspace) -> None:
    registry = Registry(workspace)
    for tool in registry.all():
        registry.set_permission(tool.name, Permission.OFF)
    with pytest.raises(UserFault, match="None of your tools"):
        draft_tool_questions(workspace)


def test_a_row_is_what_the_model_is_asked_when_it_answers(shop: Workspace) -> None:
    made = draft_tool_questions(shop, 40)
    taught = rows(shop, teach_tools(shop))
    asked = {row.question: row.answer for row in rows(shop, made)}
    assert taught
    for row in taught:
        door = ScriptedModel([row.answer])
        for _ in call_tools(door, "starter", row.question, tools(shop)):
            if door.chats:
                break
        assert door.chats[0].messages == learning(row)[:-1]
        told = door.chats[0].response_format
        assert told is not None
        assert row.answer in told["choices"]
        assert row.answer == asked[row.question].partition("(")[0]


def test_arguments_are_taught_where_a_mask_leaves_a_choice() -> None:
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city"],
        "additionalProperties": False,
    }
    forecast = Tool("forecast", "Forecast", "The weather.", schema, str)
    learned = lesson("Rain in Köln for 3 days?", ToolCall("forecast", {"days": "3", "city": "Köln"}), [forecast])
    assert [row.answer for row in learned.rows] == ["forecast", '{"city": "Köln", "days": 3}']
    door = ScriptedModel([row.answer for row in learned.rows])
    list(call_tools(door, "starter", "Rain in Köln for 3 days?", [forecast]))
    assert [chat.messages for chat in door.chats] == [learning(row)[:-1] for row in learned.rows]
    with pytest.raises(UserFault, match="is a number"):
        lesson("Rain?", ToolCall("forecast", {"days": "many", "city": "Köln"}), [forecast])


def test_what_would_not_be_offered_teaches_nothing(shop: Workspace) -> None:
    known = tools(shop)
    fits = lesson("What is the price of Harbour Light?", ToolCall("look_up_lamps", {"key": "harbour light"}), known)
    assert [row.answer for row in fits.rows] == ["look_up_lamps"]
    for question, call in (
        ("What is the price of a lamp?", ToolCall("look_up_lamps", {"key": "Harbour Light"})),
        ("What is the price of Harbour Light?", ToolCall("look_up_lamps", {"key": "North Wind Fan"})),
        ("Harbour Light, please.", ToolCall("gone", {})),
        ("What is the state of ORD-1001?", None),
    ):
        told = lesson(question, call, known)
        assert (told.rows, told.fits) == ([], False)
    # A number of the table is looked up without the model, and where nothing is offered it is not asked.
    for question, call in (
        ("What is the state of ORD-1001?", ToolCall("look_up_orders", {"key": "ORD-1001"})),
        ("How are you?", None),
    ):
        told = lesson(question, call, known)
        assert (told.rows, told.fits) == ([], True)


def test_read_questions_become_rows_that_keep_their_part(shop: Workspace) -> None:
    made = draft_tool_questions(shop, 60)
    first = next(row for row in rows(shop, made) if row.kind == "look_up_lamps" and row.part == "learn")
    tested = [Example(1, first.question.upper(), "x", part="exam"), Example(2, "Who?", "x")]
    shop.datasets.keep("FAQ", tested, rows=2, columns={}, dropped=(), source="faq.csv")
    taught = teach_tools(shop)
    learned = rows(shop, taught)
    parts = {row.question: row.part for row in rows(shop, made)} | {first.question: "exam"}
    assert {row.question: row.part for row in learned}.items() <= parts.items()
    assert any(row.question == first.question for row in learned)
    told = taught.origin
    assert told["choices"] + told["arguments"] == len(learned) == taught.rows
    assert told["none"] == sum(row.answer == NONE for row in learned) > 0
    assert (told["left_out"], told["questions"]) == (0, made.id)
    assert len({row.question for row in learned}) + told["by_mask"] == made.rows
    assert (taught.name, teach_tools(shop).version) == (ROWS, 2)


def test_examples_before_a_question_are_kept_with_it(shop: Workspace) -> None:
    draft_tool_questions(shop, 40)
    taught = teach_tools(shop)
    learned = rows(shop, taught)
    assert all(row.history for row in learned)
    page, _ = shop.datasets.page(taught.id, 0, 5)
    assert page == learned[:5]
    changed = edit_dataset(shop, ROWS, Changes(deleted=[learned[0].row]), "edited")
    assert rows(shop, changed) == learned[1:]
    (first,) = conversations(learned[:1])
    assert first["messages"] == learning(learned[0])
    json.dumps(first)


def test_names_of_tools_are_no_labels(shop: Workspace) -> None:
    draft_tool_questions(shop, 60)
    taught = teach_tools(shop)
    assert len({row.answer for row in rows(shop, taught)}) < 12
    adapter = keep_adapter(shop, "tools", dataset_id=taught.id)
    assert labels_of(adapter, shop) == ()


def test_what_can_not_be_taught_is_said(shop: Workspace) -> None:
    with pytest.raises(NotFound):
        teach_tools(shop)
    made = draft_tool_questions(shop, 40)
    row = rows(shop, made)[2].row
    edit_dataset(shop, QUESTIONS, Changes(edited={row: Texts(answer="look it up")}), "edited")
    with pytest.raises(UserFault, match=f"Row {row}: The call 'look it up'"):
        teach_tools(shop)
    few = [Example(nr, f"How are you {nr}?", "none") for nr in range(1, 20)]
    shop.datasets.keep("few", few, rows=19, columns={}, dropped=(), source="few.csv")
    with pytest.raises(UserFault, match="Of 19 questions, a model is asked something in 0 rows"):
        teach_tools(shop, "few")
