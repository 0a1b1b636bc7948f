"""The sample's two tools: what in a question speaks for them, what they say, and what they say in trouble."""

import json
import time

import pytest

from jobs.tools.order_questions import numbers_in, wishes_refund
from jobs.tools.registry import Registry, try_tool
from jobs.tools.sample_orders import add_order_tools, order_tools, remove_order_tools
from jobs.tools.tool import ToolFault
from storage.announcing import Announced, announcing, note_of
from storage.errors import NotAllowed, NotFound
from storage.records import Json, Permission
from storage.workspace import Workspace
from tests.jobs.sampling import service, standing_in
from tests.running import free_port


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Where is LC-4101?", ["LC-4101"]),
        ("where is lc 4101", ["LC-4101"]),
        ("Where is LC4101?", ["LC-4101"]),
        ("Where is LC\u20114101?", ["LC-4101"]),
        ("Where is order 4101?", ["LC-4101"]),
        ("My order no. 4101 and my order #4102!", ["LC-4101", "LC-4102"]),
        ("Order number: 4101. LC-4101, I say.", ["LC-4101"]),
        ("Is LC-41012 there? Or LC-410?", []),
        ("I ordered 4101 bells in 2026.", []),
        ("Where is my order?", []),
        ("x" * 2000 + " LC-4101", []),
    ],
)
def test_order_numbers_are_copied_from_the_question(question: str, found: list[str]) -> None:
    assert numbers_in(question) == found


@pytest.mark.parametrize(
    ("question", "wished"),
    [
        ("Please refund LC-4101.", True),
        ("I want my money back for LC-4101", True),
        ("LC-4101 is broken. Give me back my money!", True),
        ("Give me my money back for LC-4101.", True),
        ("Can I get a refund for LC-4101?", True),
        ("I do not like this lamp, refund order 4101", True),
        ("What about a refund for LC-4101?", True),
        ("Where is LC-4101?", False),
        ("Has LC-4101 been refunded?", False),
        ("When do I get my money back for LC-4101?", False),
        ("What is the total of LC-4105, and after how many days do I get my money back?", False),
        ("I don't want a refund for LC-4101.", False),
        ("LC-4101: no refund, just a new bell", False),
        ("I want to send LC-4101 back.", False),
    ],
)
def test_a_wish_for_money_is_told_from_a_question_about_it(question: str, wished: bool) -> None:
    assert wishes_refund(question) is wished


def test_the_tools_admit_only_what_stands_in_the_question(workspace: Workspace) -> None:
    look_up, refund = order_tools(workspace.home)
    question = "Where is LC-4101, and where is lc 4102?"
    narrowed = look_up.narrow(question)
    assert narrowed is not None
    assert narrowed["properties"] == {"order": {"enum": ["LC-4101", "LC-4102"]}}
    assert narrowed["required"] == ["order"]
    assert refund.narrow(question) is None
    assert refund.narrow("Refund LC-4105!") == {**narrowed, "properties": {"order": {"enum": ["LC-4105"]}}}
    assert look_up.narrow("Where is it?") is refund.narrow("Refund it!") is None


def test_the_tools_are_there_while_they_are_kept(workspace: Workspace) -> None:
    registry = Registry(workspace)
    before = [tool.name for tool in registry.all()]
    add_order_tools(workspace)
    assert [tool.name for tool in registry.all()] == [*before, "order_status", "refund_order"]
    look_up, refund = registry.get("order_status"), registry.get("refund_order")
    assert (look_up.title, look_up.effect, look_up.permission) == ("Look up an order", "reads", Permission.AUTO)
    assert (refund.title, refund.effect, refund.permission) == ("Refund an order", "acts", Permission.ASK)
    registry.set_permission("refund_order", Permission.OFF)
    add_order_tools(workspace)
    assert registry.get("refund_order").permission is Permission.OFF
    remove_order_tools(workspace)
    remove_order_tools(workspace)
    assert [tool.name for tool in registry.all()] == before


def test_a_tool_that_was_removed_meanwhile_neither_runs_nor_comes_back(workspace: Workspace) -> None:
    add_order_tools(workspace)
    refund = Registry(workspace).get("refund_order")
    remove_order_tools(workspace)
    with pytest.raises(NotFound):
        refund.run({"order": "LC-4101"})
    assert workspace.tools.list() == []


def test_a_tool_that_acts_never_runs_by_itself_whatever_is_kept(workspace: Workspace) -> None:
    add_order_tools(workspace)
    with pytest.raises(NotAllowed, match="without being asked"):
        Registry(workspace).set_permission("refund_order", Permission.AUTO)
    workspace.tools.set_permission("refund_order", Permission.AUTO)
    assert workspace.tools.get("refund_order").permission is Permission.AUTO
    assert Registry(workspace).get("refund_order").permission is Permission.ASK
    assert Registry(workspace).get("order_status").permission is Permission.AUTO


def test_orders_are_told_and_refunded_in_sentences(workspace: Workspace) -> None:
    add_order_tools(workspace)
    registry = Registry(workspace)
    with service(workspace.home, hours_ago=1.0):
        placed = time.strftime("%d %B %Y", time.localtime(time.time() - 3600 - 2 * 86400)).lstrip("0")
        facts = (
            "Product: City helmet, size M. Total: 129.00 euros. Customer: Ada Holm. "
            f"Placed on {placed}. Carrier: Greenline."
        )
        told = try_tool(registry, "order_status", {"order": "4101"})
        assert told.result == f"Order LC-4101: out for delivery. {facts} It is not refunded."
        done = try_tool(registry, "refund_order", {"order": "LC-4101"})
        assert done.result == f"Order LC-4101 is refunded: 129.00 euros go back to Ada Holm. {facts}"
        again = try_tool(registry, "refund_order", {"order": "LC-4101"})
        assert str(again.error).startswith("Order LC-4101 is refunded already, since ")
        assert str(again.error).endswith("Nothing was changed.")
        assert "It was refunded on " in str(try_tool(registry, "order_status", {"order": "lc 4101"}).result)
        unknown = try_tool(registry, "order_status", {"order": "LC-9999"})
        assert unknown.error == "There is no order LC-9999. Check the number and ask again."
        assert "no order number" in str(try_tool(registry, "order_status", {"order": "../healthz"}).error)
    gone = try_tool(registry, "order_status", {"order": "LC-4101"})
    assert "is not running. `triptych up` starts it" in str(gone.error)


def run(workspace: Workspace, name: str) -> str:
    """Run a tool that is bound to fail and return its sentence."""
    tool = {tool.name: tool for tool in order_tools(workspace.home)}[name]
    with pytest.raises(ToolFault) as told:
        tool.run({"order": "LC-4101"})
    return str(told.value)


@pytest.mark.parametrize(("status", "body"), [(0, b""), (500, b"{}"), (200, b"{}"), (200, b"not JSON"), (302, b"")])
def test_a_refund_whose_answer_is_lost_is_not_said_to_have_failed(
    workspace: Workspace, status: int, body: bytes
) -> None:
    with standing_in(workspace.home, status, body, Location="/elsewhere") as asked:
        assert "It is not known whether this was done. Look the order up" in run(workspace, "refund_order")
        assert "gave no answer that can be read" in run(workspace, "order_status")
    assert asked == ["/orders/LC-4101/refund", "/orders/LC-4101"]


def test_a_refund_that_nobody_heard_was_not_made(workspace: Workspace) -> None:
    assert "is not running" in run(workspace, "refund_order")
    with announcing(note_of(workspace.home, "orders"), Announced(f"http://127.0.0.1:{free_port()}", "t")):
        assert "is not running" in run(workspace, "refund_order")
    with standing_in(workspace.home, 401, b"{}"):
        assert "is not running" in run(workspace, "refund_order")


@pytest.mark.parametrize(("body", "said"), [({"error": "Too late."}, "Too late."), ([], "refused")])
def test_a_refusal_is_told_in_the_words_of_the_service(workspace: Workspace, body: Json, said: str) -> None:
    with standing_in(workspace.home, 409, json.dumps(body).encode()):
        assert said in run(workspace, "refund_order")
