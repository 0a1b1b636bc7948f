"""Tools keep their permission and their rows; keys are found whatever their case and spaces."""

import pytest

from storage.errors import NotFound
from storage.records import Permission, ToolRecord
from storage.settings import Settings
from storage.tools import TableRow, fold
from storage.workspace import Workspace

ORDERS = ToolRecord("look_up_orders", "table", Permission.AUTO, "a" * 64, {"key": "order"})
ROWS = [
    TableRow("ORD-1042", {"order": "ORD-1042", "state": "packed"}),
    TableRow(" ord-1043 ", {"order": " ord-1043 ", "state": "sent"}),
    TableRow("ORD-1042", {"order": "ORD-1042", "state": "returned"}),
]


@pytest.fixture
def kept(workspace: Workspace) -> Workspace:
    workspace.tools.keep(ORDERS, ROWS)
    return workspace


def test_a_tool_comes_back_as_it_was_kept(kept: Workspace) -> None:
    assert kept.tools.get("look_up_orders") == ORDERS
    assert kept.tools.list() == [ORDERS]
    with pytest.raises(NotFound, match="no tool 'other'"):
        kept.tools.get("other")


def test_rows_are_found_by_key_in_the_order_of_the_file(kept: Workspace) -> None:
    assert [row["state"] for row in kept.tools.rows("look_up_orders", "  ord-1042")] == ["packed", "returned"]
    assert [row["state"] for row in kept.tools.rows("look_up_orders", "ORD-1043")] == ["sent"]
    assert kept.tools.rows("look_up_orders", "ORD-9") == []
    assert list(kept.tools.rows("look_up_orders", "ORD-1043")[0]) == ["order", "state"]


def test_keys_are_found_by_whole_by_part_and_by_neighbourhood(kept: Workspace) -> None:
    store = kept.tools
    assert store.known_keys("look_up_orders", ["Ord-1042", "1042", "ORD-7"]) == {"ord-1042"}
    assert store.known_keys("look_up_orders", [str(n) for n in range(1200)]) == set()
    assert store.keys_with("look_up_orders", ["1043", "104"]) == ["ord-1043", "ord-1042"]
    assert store.keys_with("look_up_orders", ["%", "_"]) == []
    assert store.neighbours("look_up_orders", "ORD-1042x") == ["ord-1042", "ord-1043"]


def test_keeping_again_replaces_rows_and_remembers_the_last_use(workspace: Workspace, settings: Settings) -> None:
    opened = Workspace.open(settings, clock=lambda: 50.0)
    opened.tools.keep(ORDERS, ROWS)
    opened.tools.used("look_up_orders")
    again = opened.tools.keep(ORDERS, [TableRow("X1", {"order": "X1"})])
    assert again.last_used_at == 50.0
    assert opened.tools.get("look_up_orders").last_used_at == 50.0
    assert opened.tools.rows("look_up_orders", "ORD-1042") == []
    assert opened.tools.rows("look_up_orders", "x1") == [{"order": "X1"}]
    opened.close()


def test_keeping_without_rows_leaves_them(kept: Workspace) -> None:
    kept.tools.keep(ORDERS)
    assert len(kept.tools.rows("look_up_orders", "ORD-1042")) == 2


def test_permission_use_and_removal_need_a_known_tool(kept: Workspace) -> None:
    kept.tools.set_permission("look_up_orders", Permission.OFF)
    assert kept.tools.get("look_up_orders").permission is Permission.OFF
    kept.tools.remove("look_up_orders")
    assert kept.tools.list() == []
    assert kept.tools.rows("look_up_orders", "ORD-1042") == []
    for act in (kept.tools.used, kept.tools.remove):
        with pytest.raises(NotFound):
            act("look_up_orders")
    with pytest.raises(NotFound):
        kept.tools.set_permission("look_up_orders", Permission.AUTO)


def test_nothing_is_kept_of_rows_that_break_off(kept: Workspace) -> None:
    def breaking():
        yield TableRow("NEW", {})
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        kept.tools.keep(ORDERS, breaking())
    assert len(kept.tools.rows("look_up_orders", "ORD-1042")) == 2


def test_a_key_is_folded_to_one_form() -> None:
    assert fold("  Ｔrail\tMaster  X4 ") == "trail master x4"
    assert len(fold("x" * 1000)) == 400
