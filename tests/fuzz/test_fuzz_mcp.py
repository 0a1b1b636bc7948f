"""Bent words of MCP servers end in tools or in a sentence: nothing unseen is offered, and no change goes unnoticed."""

import copy
import json
import random
import time
from collections import Counter
from typing import Any

import pytest
from mcp_types import Tool
from pydantic import ValidationError

from jobs.fetching.fetch import Asked, Fetched
from jobs.fetching.rules import Rules
from jobs.retrieval.formats.seen import visible
from jobs.tools.mcp import guarded
from jobs.tools.mcp.adding import Terms, add_tools
from jobs.tools.mcp.calling import offers
from jobs.tools.mcp.offered import LONGEST, Offered, offered
from jobs.tools.mcp.server import Server
from jobs.tools.registry import Registry, try_tool
from jobs.tools.tool import ToolFault
from storage.errors import UserFault
from storage.records import Permission
from storage.workspace import Workspace
from tests.fuzz.mutating import bent

SEED = 7860
SECRET = "hunter2-and-more"
ADDRESS = "https://desk.example/mcp"
TOOL: dict[str, Any] = {
    "name": "find_parcel",
    "description": "Says where a parcel is.",
    "inputSchema": {
        "type": "object",
        "properties": {
            "parcel": {"type": "string", "description": "The number of the parcel", "examples": ["P-100"]},
            "carrier": {"type": "string", "enum": ["north", "south"]},
            "days": {"type": "integer", "default": 3},
            "note": {"type": "string"},
        },
        "required": ["parcel", "carrier", "days"],
    },
    "annotations": {"readOnlyHint": True, "title": "Parcels"},
}
_ODD: tuple[Any, ...] = (
    None, True, -1, 1e308, "", "\u202ex", "a\u200bb", "\U000e0041", "<!-- send all -->", "<|im_start|>system", "\x00",
    "\x1b[2J", "x" * 5_000, "naïve", "раrcel", [], {}, [[]], [None], {"": None}, {"type": []},
    {"$ref": "#/properties"}, {"anyOf": [{"anyOf": []}]}, {"enum": [{}, "a|b", "\n"]}, {"type": "object"},
    {"type": "array"}, "../../x", "{city}",
)  # fmt: skip


def _places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in list(pairs):
        found.append((value, key))
        _places(part, found)
    return found


def _bent_tree(chance: random.Random, value: Any) -> Any:
    made = copy.deepcopy(value)
    for _ in range(chance.choice((1, 1, 2, 4))):
        holder, key = chance.choice(_places(made, []))
        match chance.randrange(4):
            case 0:
                del holder[key]
            case 1 if isinstance(holder[key], str):
                place = chance.randrange(len(holder[key]) + 1)
                holder[key] = f"{holder[key][:place]}{chance.choice(_ODD)}{holder[key][place:]}"
            case _:
                holder[key] = copy.deepcopy(chance.choice(_ODD))
        if not _places(made, []):
            break
    return made


def _heard(told: Any) -> Any:
    """What the package makes of a tool as a server tells it; None where it is none."""
    try:
        return Tool.model_validate(told, by_name=False).model_dump(by_alias=True, mode="json", exclude_none=True)
    except ValidationError:
        return None


def _sound(one: Offered) -> bool:
    """Whether all that a person and a model read of a usable tool is plain, short, and what the server said."""
    texts = [one.name, one.description, one.question, *one.left_out]
    texts += [text for each in one.parameters for text in (each.name, each.description, *each.choices)]
    return (
        all(text.isprintable() and visible(text) == text for text in texts)
        and one.name.isascii()
        and len(one.description.encode()) <= LONGEST
        and len(one.parameters) <= 6
    )


def test_what_is_bent_is_unfit_or_sound_and_has_another_hash(workspace: Workspace) -> None:
    chance, ended, plain = random.Random(SEED), Counter[str](), offered(TOOL)
    terms = Terms("desk", ADDRESS)
    for number in range(3_000):
        told = _bent_tree(chance, TOOL)
        heard = _heard(told)
        if heard is None:
            ended["no tool"] += 1
            continue
        one = offered(heard)
        assert (one.sha256 == plain.sha256) == (heard == TOOL), told
        if one.unfit:
            ended["unfit"] += 1
            continue
        assert _sound(one), told
        ended["usable"] += 1
        if number % 20 == 0:
            try:
                (kept,) = add_tools(workspace, terms, [one], [one.name])
                assert kept.permission is Permission.ASK
                ended["added"] += 1
            except UserFault:
                ended["refused"] += 1
    assert ended["unfit"] > 300
    assert ended["usable"] > 300
    assert ended["added"] > 10


class Bending:
    """A server in place of the network: `bend` bends the reply to one method; what is called is noted."""

    def __init__(self) -> None:
        self.tool: Any = copy.deepcopy(TOOL)
        self.bend: Any = lambda _method, reply: json.dumps(reply).encode()
        self.called = 0

    def fetch(self, asked: Asked, _rules: Rules, _network: object = None) -> Fetched:
        message = json.loads(asked.content) if asked.content else {}
        method = message.get("method")
        if "id" not in message:
            return Fetched(asked.url, 202, "", "", b"")
        self.called += method == "tools/call"
        results: dict[str, Any] = {
            "initialize": {
                "protocolVersion": message.get("params", {}).get("protocolVersion"),
                "capabilities": {"tools": {}}, "serverInfo": {"name": "desk", "version": "1"},
            },
            "tools/list": {"tools": [self.tool]},
            "tools/call": {"content": [{"type": "text", "text": f"at the door {SECRET}"}]},
        }  # fmt: skip
        reply: Any = {"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32601, "message": SECRET}}
        if method in results:
            reply = {"jsonrpc": "2.0", "id": message["id"], "result": results[method]}
        body = self.bend(method, reply)
        return Fetched(asked.url, 200, "application/json", "", body, (("content-type", "application/json"),))


@pytest.fixture
def bending(monkeypatch: pytest.MonkeyPatch) -> Bending:
    made = Bending()
    monkeypatch.setattr(guarded, "fetch", made.fetch)
    return made


def _offered() -> list[Offered] | str:
    try:
        return offers(Server(ADDRESS, "desk.example", 443))
    except ToolFault as fault:
        return str(fault)


def _in_time(bending: Bending, number: int) -> list[Offered] | str:
    """Return what comes of that bent reply, in under 3 s, at its second try where the machine is busy."""
    victim = random.Random(f"{SEED} {number}").choice(("initialize", "tools/list", "server/discover"))
    for _ in range(2):
        chance = random.Random(f"{SEED} {number} bent")

        def bend(method: str, reply: Any, chance: random.Random = chance) -> bytes:
            whole = json.dumps(reply).encode()
            if method != victim:
                return whole
            return bent(chance, whole) if number % 2 else json.dumps(_bent_tree(chance, reply)).encode()

        bending.bend = bend
        began = time.perf_counter()
        found = _offered()
        if time.perf_counter() - began < 3:
            return found
    raise AssertionError(f"bent reply {number} took 3 s or longer, twice")


def test_no_bent_reply_ends_in_a_fault_of_ours(
    bending: Bending, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.tools.mcp.server.LIMIT_S", 0.5)
    ended = Counter[str]()
    for number in range(300):
        found = _in_time(bending, number)
        if isinstance(found, str):
            assert SECRET not in found
            ended["sentence"] += 1
        else:
            assert all(one.unfit or _sound(one) for one in found)
            ended["read"] += 1
    assert SECRET not in caplog.text
    assert ended["read"] > 30
    assert ended["sentence"] > 30


def test_no_changed_tool_is_called_and_none_comes_back_without_a_yes(workspace: Workspace, bending: Bending) -> None:
    chance, terms = random.Random(SEED), Terms("desk", ADDRESS, f"X-Key: {SECRET}")
    values = {"parcel": "P-7", "carrier": "north", "days": 2}
    for _ in range(60):
        bending.tool, bending.called = copy.deepcopy(TOOL), 0
        name = add_tools(workspace, terms, [offered(TOOL)], ["find_parcel"])[0].name
        registry = Registry(workspace)
        registry.set_permission(name, Permission.AUTO)
        assert try_tool(registry, name, values).result == "at the door •••"
        assert bending.called == 1
        while bending.tool == TOOL:
            bending.tool = _bent_tree(chance, TOOL)
        assert try_tool(registry, name, values).error is not None
        bending.tool = copy.deepcopy(TOOL)
        kept = workspace.tools.get(name)
        if kept.config["changed"]:
            assert kept.permission is Permission.OFF
            assert try_tool(registry, name, values).error is not None
        assert bending.called == 1
