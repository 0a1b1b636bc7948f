"""A table becomes a look-up tool: keys are found in questions, misses name the nearest, faults are sentences."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.tools.keys import is_number_like
from jobs.tools.registry import Registry, try_tool
from jobs.tools.tables import add_table
from jobs.tools.tool import Tool
from storage.errors import NotFound, TooLarge, UnusableRows, UserFault
from storage.records import Permission
from storage.settings import Settings
from storage.workspace import Workspace

ORDERS = "order,state,note\nORD-1042,packed,\nORD-1043,sent,fragile\nORD-1042,returned,\n,lost,\n"
LAMPS = "Name,Price\nNorth Star Lamp,12.50\nHarbour Light,20\nNorth Wind Fan,30\nUS,1\n7,2\n2031,3\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace that the tests of this file only read."""
    opened = Workspace.open(Settings(home=tmp_path_factory.mktemp("shop") / "home"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def orders(shop: Workspace) -> Tool:
    return added(shop, shop.home, "Orders 2026", ORDERS, "order")


@pytest.fixture(scope="module")
def lamps(shop: Workspace) -> Tool:
    return added(shop, shop.home, "lamps", LAMPS, "name")


def added(workspace: Workspace, folder: Path, name: str, text: str, key: str) -> Tool:
    path = folder / "upload"
    path.write_text(text)
    record = add_table(workspace, name, path, f"{name}.csv", key)
    return Registry(workspace).get(record.name)


def keys(tool: Tool, question: str) -> list[str]:
    narrowed = tool.narrow(question)
    return narrowed["properties"]["key"]["enum"] if narrowed else []


def test_a_row_is_shown_word_for_word(orders: Tool) -> None:
    assert orders.name == "look_up_orders_2026"
    assert orders.run({"key": " ord-1043 "}) == "order: ORD-1043\nstate: sent\nnote: fragile"


def test_duplicate_keys_are_listed(orders: Tool) -> None:
    shown = orders.run({"key": "ORD-1042"})
    assert shown.startswith("2 rows with order ORD-1042:")
    assert "state: packed" in shown
    assert "state: returned" in shown


def test_a_miss_names_the_nearest_keys(shop: Workspace, orders: Tool) -> None:
    call = try_tool(Registry(shop), orders.name, {"key": "ORD-1044"})
    assert call.error == "No row with order ORD-1044. Nearest: ORD-1043, ORD-1042."
    assert try_tool(Registry(shop), orders.name, {"key": "zzzz"}).error == "No row with order zzzz."


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Where are ORD-1043 and ord-1042?", ["ORD-1043", "ord-1042"]),
        ("Where is ORD-9999?", ["ORD-9999"]),
        ("Where is order 1043?", ["ORD-1043"]),
        ("Where is my order?", []),
        ("What is 12 * 14?", []),
    ],
)
def test_ids_are_found_in_questions(orders: Tool, question: str, found: list[str]) -> None:
    assert keys(orders, question) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What does the north star  lamp cost?", ["north star  lamp"]),
        ("How much is the harbour light, please?", ["harbour light"]),
        ("price of the star lamp", ["North Star Lamp"]),
        ("a light for the garden", []),
        ("tell us about it", []),
        ("And in the US?", ["US"]),
        ("What about lamp 7?", ["7"]),
        ("What about lamp number 7?", ["7"]),
        ("There are 7 people", []),
        ("Show 2031", ["2031"]),
    ],
)
def test_names_and_numbers_are_found_in_questions(lamps: Tool, question: str, found: list[str]) -> None:
    assert keys(lamps, question) == found


@pytest.mark.parametrize(
    ("key", "sure"),
    [("ORD-1042", True), ("10443", True), ("LC4101", True), ("2000", False), ("X4", False), ("Tent 10443", False)],
)
def test_numbers_under_which_something_is_kept_are_told_from_words_and_years(key: str, sure: bool) -> None:
    assert is_number_like(key) is sure


def test_only_a_number_of_the_table_is_sure(orders: Tool) -> None:
    assert orders.sure("What is the status of ORD-1042?")
    assert not orders.sure("What is the status of ORD-9999?")
    assert not orders.sure("What is the status of my order?")


def test_adding_again_replaces_the_rows_and_keeps_the_permission(workspace: Workspace, tmp_path: Path) -> None:
    tool = added(workspace, tmp_path, "lamps", LAMPS, "Name")
    Registry(workspace).set_permission(tool.name, Permission.OFF)
    again = added(workspace, tmp_path, "Lamps", "Name,Price\nDesk Lamp,9\n", "Name")
    assert again.permission is Permission.OFF
    assert again.run({"key": "desk lamp"}) == "Name: Desk Lamp\nPrice: 9"
    assert [record.name for record in workspace.tools.list() if record.kind == "table"] == ["look_up_lamps"]


def test_the_record_says_what_was_read(shop: Workspace, orders: Tool) -> None:
    config = shop.tools.get(orders.name).config
    assert (config["rows"], config["left_out"], config["key"]) == (3, 1, "order")
    assert config["columns"] == ["order", "state", "note"]
    assert shop.tools.get(orders.name).schema_sha256 == orders.schema_sha256


def test_long_results_are_cut(workspace: Workspace, tmp_path: Path) -> None:
    text = "id,text\n" + "".join(f"A1,{'long ' * 200}\n" for _ in range(7))
    shown = added(workspace, tmp_path, "texts", text, "id").run({"key": "a1"})
    assert shown.endswith("and 2 more")
    assert len(shown) < 2_500


@pytest.mark.parametrize(
    ("name", "text", "key", "error", "sentence"),
    [
        ("orders", ORDERS, "number", NotFound, "no column 'number'"),
        ("!!!", ORDERS, "order", UserFault, "at least one letter"),
        ("orders", "order,state\n,packed\n,sent\n", "order", UnusableRows, "is empty"),
        ("orders", f"order,state\n{'x' * 401},sent\n", "order", TooLarge, "row 1 of orders.csv has 401"),
    ],
)
def test_what_cannot_be_used_is_a_sentence(
    workspace: Workspace, tmp_path: Path, name: str, text: str, key: str, error: type[UserFault], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        added(workspace, tmp_path, name, text, key)
    assert workspace.tools.list() == []


def test_the_columns_there_are_stand_in_the_next_step(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        added(workspace, tmp_path, "orders", ORDERS, "")
    assert "order, state, note" in caught.value.next_step
