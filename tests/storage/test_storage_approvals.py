"""A call is decided once, in time, and only while its answer goes on; several pages see the same."""

import threading
from collections.abc import Iterator

import pytest

from storage.approvals import Approval, CallKey
from storage.records import Column, Comparison, ToolCall
from storage.settings import Settings
from storage.workspace import Workspace

TOOLS, HYBRID = Column("tools", "tools"), Column("hybrid", "hybrid")
REFUND = ToolCall("refund_order", {"order": "LC-4101"})


class Hands:
    """A clock that stands where it is put."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def workspace(either_settings: Settings, clock: Hands) -> Iterator[Workspace]:
    opened = Workspace.open(either_settings, clock)
    yield opened
    opened.close()


@pytest.fixture
def comparison(workspace: Workspace) -> Comparison:
    made = workspace.comparisons.start("Refund LC-4101!", [TOOLS, HYBRID])
    for column in made.columns:
        workspace.comparisons.begin(made.id, column.id, "web")
    return made


def ask(workspace: Workspace, comparison: Comparison, column: str = "tools", attempt: int = 1) -> CallKey:
    return workspace.approvals.ask((comparison.id, column, attempt), REFUND, expires_at=1060.0)


def test_what_waits_is_shown_exactly_as_it_would_run(workspace: Workspace, comparison: Comparison) -> None:
    assert workspace.approvals.pending(comparison.id) == []
    tools, hybrid = ask(workspace, comparison), ask(workspace, comparison, "hybrid")
    assert tools == (comparison.id, "tools", 1, 1)
    assert workspace.approvals.pending(comparison.id) == [
        Approval(hybrid, REFUND, 1060.0),
        Approval(tools, REFUND, 1060.0),
    ]
    assert workspace.approvals.decision(tools) is None
    assert workspace.approvals.pending("other") == []


def test_a_decision_stands_and_is_made_once(workspace: Workspace, comparison: Comparison) -> None:
    tools, hybrid = ask(workspace, comparison), ask(workspace, comparison, "hybrid")
    store = workspace.approvals
    assert store.decide(tools, "allowed")
    assert not store.decide(tools, "refused")
    assert store.decide(hybrid, "refused")
    assert not store.decide(hybrid, "allowed")
    assert (store.decision(tools), store.decision(hybrid)) == ("allowed", "refused")
    assert (store.expire(tools), store.expire(hybrid)) == ("allowed", "refused")
    assert store.pending(comparison.id) == []
    assert not store.decide(CallKey(comparison.id, "tools", 1, 9), "allowed")


def test_the_next_call_of_an_attempt_waits_anew(workspace: Workspace, comparison: Comparison) -> None:
    first = ask(workspace, comparison)
    assert workspace.approvals.decide(first, "allowed")
    second = ask(workspace, comparison)
    assert second.number == 2
    assert [waiting.key for waiting in workspace.approvals.pending(comparison.id)] == [second]
    assert workspace.approvals.decision(second) is None


def test_time_that_is_over_allows_nothing(workspace: Workspace, comparison: Comparison, clock: Hands) -> None:
    key = ask(workspace, comparison)
    clock.now = 1060.0
    assert workspace.approvals.pending(comparison.id) == []
    assert not workspace.approvals.decide(key, "allowed")
    assert workspace.approvals.decision(key) is None
    assert workspace.approvals.expire(key) == workspace.approvals.decision(key) == "expired"


@pytest.mark.parametrize("end", ["stop", "again", "over"])
def test_the_call_of_an_answer_that_ended_can_not_be_allowed(
    workspace: Workspace, comparison: Comparison, end: str
) -> None:
    key = ask(workspace, comparison)
    store = workspace.comparisons
    if end == "stop":
        store.request_stop(comparison.id, "tools")
    elif end == "again":
        assert store.begin(comparison.id, "tools", "web") == 2
    else:
        store.append(comparison.id, "tools", 1, "failed", {"type": "failed"})
    assert workspace.approvals.pending(comparison.id) == []
    assert not workspace.approvals.decide(key, "allowed")
    assert workspace.approvals.decision(key) is None


def test_of_many_decisions_at_once_one_stands(either_settings: Settings) -> None:
    workspace = Workspace.open(either_settings)
    comparison = workspace.comparisons.start("Refund LC-4101!", [TOOLS])
    workspace.comparisons.begin(comparison.id, "tools", "web")
    key = workspace.approvals.ask((comparison.id, "tools", 1), REFUND, workspace.clock() + 60)
    made: list[tuple[str, bool]] = []

    def decide(decision: str) -> None:
        mine = Workspace.open(either_settings)
        made.append((decision, mine.approvals.decide(key, "allowed" if decision == "allowed" else "refused")))
        mine.close()

    threads = [threading.Thread(target=decide, args=(decision,)) for decision in ("allowed", "refused") * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [decision for decision, counts in made if counts] == [workspace.approvals.decision(key)]
    workspace.close()
