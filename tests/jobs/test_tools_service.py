"""A service becomes a tool: only its host is asked, its secret is seen by nobody, and what acts asks first."""

import json
import logging
import stat
from collections.abc import Iterator
from dataclasses import asdict, replace

import pytest

from jobs.fetching.rules import FetchFault
from jobs.queue import Queue
from jobs.removing.things import Removing
from jobs.tools.calling import call_tools
from jobs.tools.choosing import offers
from jobs.tools.narrowing import closed
from jobs.tools.registry import Registry, try_tool
from jobs.tools.service.adding import Service, add_service
from jobs.tools.service.address import host_checked
from jobs.tools.service.asking import MOST_CHARACTERS, call_service
from jobs.tools.service.values import Parameter
from jobs.tools.tool import Tool, ToolFault
from storage.errors import UserFault
from storage.records import Permission, ToolCall
from storage.workspace import Workspace
from tests.fakes import ScriptedModel
from tests.pages import Heard, Reply, Site, site

SECRET = "hunter2-and-more"
JSON = {"Content-Type": "application/json; charset=utf-8"}


def forecast(heard: Heard) -> Reply:
    return Reply(json.dumps({"sky": "clear", "asked": heard.path, "with": heard.headers.get("X-Key")}), headers=JSON)


@pytest.fixture
def at() -> Iterator[Site]:
    pages = {
        "/weather/Bonn": forecast,
        "/weather/a%2F..%2Fb%3Fc": forecast,
        "/weather/long": Reply("x" * (MOST_CHARACTERS + 7), headers={"Content-Type": "text/plain"}),
        "/weather/page": Reply("<p>", headers={"Content-Type": "text/html"}),
        "/weather/away": Reply(status=302, headers={"Location": "http://169.254.169.254/"}),
        "/weather/broken": Reply("oops", 500, {"Content-Type": "text/plain"}),
        "/stop": lambda heard: Reply(heard.body, headers=JSON),
        "/weather/empty": Reply(status=200, headers={}),
    }
    with site({}, pages) as made:
        yield made


def weather(at: Site, **changed: object) -> Service:
    address = f"http://127.0.0.1:{at.port}/weather/{{city}}?units={{units}}"
    given = {
        "name": "Weather", "description": "Says what the weather is.", "address": address, "inner": True,
        "parameters": "city: text, the name of a city\nunits: whole number, 1 or 2", "header": f"X-Key: {SECRET}",
        "example": "How is the weather in Bonn in units 2?", **changed,
    }  # fmt: skip
    return Service(**given)


def stopping(at: Site) -> Service:
    return weather(
        at, name="Stop a machine", method="POST", address=f"http://127.0.0.1:{at.port}/stop",
        parameters="machine: text, its number", example="Please stop the machine M-12.",
    )  # fmt: skip


@pytest.fixture
def tool(workspace: Workspace, at: Site) -> Tool:
    return Registry(workspace).get(add_service(workspace, weather(at)).name)


def test_a_service_answers_with_its_values_and_its_secret(workspace: Workspace, at: Site, tool: Tool) -> None:
    call = try_tool(Registry(workspace), "call_weather", {"city": "Bonn", "units": "2"})
    assert call.error is None
    assert json.loads(call.result or "") == {"sky": "clear", "asked": "/weather/Bonn?units=2", "with": "•••"}
    assert at.heard[0].headers["X-Key"] == SECRET
    assert (tool.title, tool.effect, tool.permission) == ("Weather", "reads", Permission.AUTO)


def test_a_value_stays_where_it_was_put(at: Site, tool: Tool) -> None:
    assert "/weather/a%2F..%2Fb%3Fc?units=1" in tool.run({"city": "a/../b?c", "units": 1})
    for city in (".", "..", " .. "):
        with pytest.raises(ToolFault, match="'city' can't be"):
            tool.run({"city": city, "units": 1})
    assert len(at.heard) == 1


def test_the_secret_is_in_no_record_log_or_backup(
    workspace: Workspace, at: Site, tool: Tool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    said = [tool.run({"city": "Bonn", "units": 1}), repr(weather(at)), repr(asdict(workspace.tools.get(tool.name)))]
    said += [repr(tool), caplog.text, tool.schema_sha256]
    for city in ("away", "broken", "page", "none"):
        with pytest.raises(ToolFault) as raised:
            tool.run({"city": city, "units": 1})
        said.append(repr(raised.value))
    assert SECRET not in "".join(said)
    (file,) = (workspace.home / "secrets").iterdir()
    assert SECRET in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    holds = [path for path in workspace.home.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert holds == [file]


def test_a_replacement_forgets_the_secret_and_so_does_removing(workspace: Workspace, at: Site, tool: Tool) -> None:
    add_service(workspace, weather(at, header=""))
    assert json.loads(Registry(workspace).get(tool.name).run({"city": "Bonn", "units": 1}))["with"] is None
    add_service(workspace, weather(at))
    Removing(workspace, Queue(workspace.database, workspace.clock)).tool(tool.name)
    assert list((workspace.home / "secrets").iterdir()) == []


def test_a_secret_goes_to_its_own_host_only(workspace: Workspace, at: Site, tool: Tool) -> None:
    record = workspace.tools.get(tool.name)
    moved = {
        **record.config,
        "host": "localhost",
        "address": record.config["address"].replace("127.0.0.1", "localhost"),
    }
    at.names["localhost"] = ["127.0.0.1"]
    said = call_service(replace(record, config=moved), workspace, at.network).run({"city": "Bonn", "units": 1})
    assert json.loads(said)["with"] is None


@pytest.mark.parametrize(
    ("city", "sentence"),
    [
        ("away", "one address too many"),
        ("page", "sends text/html"),
        ("broken", r"answered with the fault 500\. It says: oops"),
        ("none", "answered with the fault 404"),
    ],
)
def test_what_goes_wrong_is_told(tool: Tool, city: str, sentence: str) -> None:
    with pytest.raises(ToolFault, match=sentence):
        tool.run({"city": city, "units": 1})


def test_long_and_empty_answers(tool: Tool) -> None:
    assert tool.run({"city": "long", "units": 1}).endswith("\nand 7 characters more that are not shown")
    assert tool.run({"city": "empty", "units": 1}) == "The service answered without a word."


def test_an_inner_host_must_be_allowed_and_allowing_it_allows_no_other(workspace: Workspace, at: Site) -> None:
    with pytest.raises(FetchFault, match="Port"):
        add_service(workspace, weather(at, inner=False))
    with pytest.raises(FetchFault, match="without encryption"):
        add_service(workspace, weather(at, inner=False, address="http://example.com/{city}?u={units}"))
    private = weather(at, inner=False, address="https://127.0.0.1/{city}?u={units}")
    made = Registry(workspace).get(add_service(workspace, private).name)
    with pytest.raises(ToolFault, match="inner network"):
        made.run({"city": "Bonn", "units": 1})
    metadata = weather(at, address="http://169.254.169.254/{city}?u={units}")
    made = Registry(workspace).get(add_service(workspace, metadata).name)
    with pytest.raises(ToolFault, match="inner network"):
        made.run({"city": "Bonn", "units": 1})
    assert at.heard == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"address": "https://{city}.example.com/{units}"}, "in the name of the host"),
        ({"address": "https://example.com/{city/{units}"}, "no other half"),
        ({"address": "https://example.com/{city}/{units}/{more}"}, "not among the parameters"),
        ({"address": "https://example.com/{city}"}, "units does not stand in the address"),
        ({"address": "https://user:hunter2@example.com/{city}/{units}"}, "user name or a password"),
        ({"address": "ftp://example.com/{city}/{units}"}, "no address of a web page"),
        ({"parameters": "city text"}, "can't be understood"),
        ({"parameters": "city: colour, its name"}, "can't be understood"),
        ({"parameters": "city: text,"}, "can't be understood"),
        ({"parameters": "city: text, a\ncity: text, b"}, "two of one name"),
        ({"description": ""}, "What it is for is empty"),
        ({"name": "!"}, "at least one letter"),
        ({"example": "How is the weather?"}, "nothing stands that could be filled in"),
        ({"method": "POST", "address": "https://example.com/", "parameters": ""}, "needs a parameter"),
        ({"header": f"Authorization {SECRET}"}, "secret header can't be used"),
        ({"header": f"X-Key: {SECRET}\nHost: other"}, "secret header can't be used"),
        ({"header": f"Host: {SECRET}"}, "a header that is set here"),
    ],
)
def test_what_can_not_be_used_is_told_and_kept_nowhere(
    workspace: Workspace, at: Site, changed: dict[str, object], sentence: str
) -> None:
    with pytest.raises(UserFault, match=sentence) as raised:
        add_service(workspace, weather(at, **changed))
    assert SECRET not in str(raised.value)
    assert workspace.tools.list() == []
    assert not (workspace.home / "secrets").exists()


def test_it_is_offered_where_a_word_speaks_for_it_and_every_value_stands_there(tool: Tool) -> None:
    (offer,) = offers([tool], "Will the weather of Bad Honnef be nice, in units 1?", [])
    values = offer.schema["properties"]
    assert "Bad Honnef" in values["city"]["enum"]
    assert values["units"]["enum"] == [1]
    for question in ("How is the weather?", "Who lives in Bonn, 2?", "How is the weather in Bonn?", ""):
        assert tool.narrow(question) is None


@pytest.mark.parametrize(
    ("kind", "question", "found"),
    [
        ("text", 'Is "blue paint" there?', ["blue paint"]),
        ("text", "How is the weather in new york?", ["new york", "new"]),
        ("text", "Where is order LC-41 of Ana Silva?", ["LC-41", "Ana Silva", "Ana"]),
        ("text", "How much is it?", []),
        ("number", "From -1.5 to 20 degrees, v2", [-1.5, 20]),
        ("whole number", "From -1.5 to 20 degrees", [20]),
    ],
)
def test_values_stand_in_the_question(kind, question: str, found: list[object]) -> None:
    assert Parameter("p", kind, "It").standing(question) == found


def test_what_acts_asks_first_and_only_with_what_stands_in_the_question(workspace: Workspace, at: Site) -> None:
    name = add_service(workspace, stopping(at)).name
    registry = Registry(workspace)
    tool, question = registry.get(name), "Stop the machine M-77, please."
    assert (tool.effect, tool.permission) == ("acts", Permission.ASK)
    (offer,) = offers([tool], question, [])
    assert closed(offer.schema)
    door = ScriptedModel(lambda chat: json.dumps({"machine": "M-77"}) if "json_schema" in str(chat) else name)
    steps = list(call_tools(door, "base", question, [tool]))
    assert [step.call.error for step in steps if step.kind == "called" and step.call] == [
        "Not run: this tool runs only after a person's yes, on the page Compare."
    ]
    assert at.heard == []
    assert json.loads(tool.run({"machine": "M-77"})) == {"machine": "M-77"}
    assert (at.heard[0].method, at.heard[0].headers["Content-Type"]) == ("POST", "application/json")


def test_where_an_act_broke_off_nobody_knows_whether_it_was_done(workspace: Workspace, at: Site) -> None:
    name = add_service(workspace, stopping(at)).name
    at.pages["/stop"] = Reply("oops", 500, {"Content-Type": "text/plain"})
    call = try_tool(Registry(workspace), name, {"machine": "M-1"})
    assert "It is not known whether this was done." in str(call.error)
    at.pages["/stop"] = Reply("no such machine", 404, {"Content-Type": "text/plain"})
    call = try_tool(Registry(workspace), name, {"machine": "M-1"})
    assert call == ToolCall(name, {"machine": "M-1"}, error=call.error, seconds=call.seconds)
    assert "not known" not in str(call.error)


def test_a_value_can_be_one_of_a_few(workspace: Workspace, at: Site) -> None:
    choosing = weather(
        at, parameters="city: text, a city\nunits: one of metric|in degrees|degrees, of what it says",
        example='How is the weather in "Bonn" in metric units?',
    )  # fmt: skip
    tool = Registry(workspace).get(add_service(workspace, choosing).name)
    assert tool.schema["properties"]["units"]["enum"] == ["metric", "in degrees", "degrees"]
    narrowed = tool.narrow("What weather has Bonn, in degrees?") if tool.narrow else None
    assert narrowed is not None
    assert narrowed["properties"]["units"] == {"enum": ["in degrees", "degrees"]}
    for kind in ("one of", "one of |", f"one of {'|'.join(map(str, range(21)))}"):
        with pytest.raises(UserFault, match="can't be understood"):
            add_service(workspace, weather(at, parameters=f"city: text, a city\nunits: {kind}, of what"))


def test_an_address_that_only_a_yes_to_the_own_network_lacks_says_so():
    for address in ("http://127.0.0.1:3000/mcp", "http://nas.example/mcp"):
        with pytest.raises(FetchFault) as refused:
            host_checked(address, inner=False)
        assert refused.value.next_step.startswith("If it lies on this computer or in your own network, allow that.")
        assert host_checked(address, inner=True).url == address
    with pytest.raises(FetchFault) as wrong:
        host_checked("https://someone:secret@nas.example:3000/mcp", inner=False)
    assert wrong.value.next_step == "Leave out what stands before the @."
