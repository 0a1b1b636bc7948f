"""Answers are kept event by event; an older attempt is fenced out."""

from collections.abc import Iterator

import pytest

from storage.errors import NotFound
from storage.records import AnswerState, Column, Comparison
from storage.settings import Settings
from storage.workspace import Workspace

BASE, TOOLS = Column("base", "base"), Column("tools", "tools", tools=("calculator",))


@pytest.fixture
def workspace(either_settings: Settings) -> Iterator[Workspace]:
    opened = Workspace.open(either_settings)
    yield opened
    opened.close()


@pytest.fixture
def comparison(workspace: Workspace) -> Comparison:
    return workspace.comparisons.start("How large is it?", [BASE, TOOLS])


def delta(text: str) -> dict:
    return {"type": "delta", "text": text}


def test_a_comparison_comes_back_as_it_was_started(workspace: Workspace, comparison: Comparison) -> None:
    assert workspace.comparisons.get(comparison.id) == comparison
    assert workspace.comparisons.list() == [comparison]
    with pytest.raises(NotFound, match="no such comparison"):
        workspace.comparisons.get("other")


def test_events_are_numbered_and_can_be_tailed(workspace: Workspace, comparison: Comparison) -> None:
    store = workspace.comparisons
    attempt = store.begin(comparison.id, "base", "web")
    assert store.states(comparison.id)["base"] == (1, AnswerState.WAITING)
    assert store.append(comparison.id, "base", attempt, "delta", delta("It "))
    assert store.states(comparison.id)["base"] == (1, AnswerState.WRITING)
    assert store.append(comparison.id, "base", attempt, "delta", delta("is."))
    events = store.events(comparison.id, "base")
    assert [(event.attempt, event.seq, event.type, event.body["text"]) for event in events] == [
        (1, 1, "delta", "It "),
        (1, 2, "delta", "is."),
    ]
    assert [event.seq for event in store.events(comparison.id, "base", after=1)] == [2]
    assert store.events(comparison.id, "tools") == []
    assert store.states(comparison.id)["tools"] == (0, AnswerState.WAITING)


def test_a_final_event_closes_the_attempt(workspace: Workspace, comparison: Comparison) -> None:
    store = workspace.comparisons
    attempt = store.begin(comparison.id, "base", "web")
    assert store.append(comparison.id, "base", attempt, "finished", {"type": "finished", "text": "Yes."})
    assert store.states(comparison.id)["base"] == (1, AnswerState.FINISHED)
    assert not store.append(comparison.id, "base", attempt, "delta", delta("more"))


def test_a_newer_attempt_fences_out_the_older(workspace: Workspace, comparison: Comparison) -> None:
    store = workspace.comparisons
    first = store.begin(comparison.id, "base", "web")
    second = store.begin(comparison.id, "base", "web")
    assert not store.append(comparison.id, "base", first, "delta", delta("late"))
    assert store.stop_requested(comparison.id, "base", first)
    assert not store.stop_requested(comparison.id, "base", second)
    assert store.append(comparison.id, "base", second, "delta", delta("new"))
    assert [event.body["text"] for event in store.events(comparison.id, "base")] == ["new"]
    assert [event.type for event in store.events(comparison.id, "base", attempt=first)] == ["stopped"]


def test_stop_is_asked_of_one_column_or_of_all(workspace: Workspace, comparison: Comparison) -> None:
    store = workspace.comparisons
    for column in ("base", "tools"):
        store.begin(comparison.id, column, "web")
    store.request_stop(comparison.id, "base")
    assert store.stop_requested(comparison.id, "base", 1)
    assert not store.stop_requested(comparison.id, "tools", 1)
    store.request_stop(comparison.id)
    assert store.stop_requested(comparison.id, "tools", 1)


def test_answers_of_a_dead_process_are_stopped(workspace: Workspace, comparison: Comparison) -> None:
    store = workspace.comparisons
    store.begin(comparison.id, "base", "dead")
    store.append(comparison.id, "base", 1, "delta", delta("Half"))
    store.begin(comparison.id, "tools", "alive")
    assert store.stop_orphans("alive") == 1
    assert store.states(comparison.id) == {"base": (1, AnswerState.STOPPED), "tools": (1, AnswerState.WAITING)}
    assert [event.type for event in store.events(comparison.id, "base")] == ["delta", "stopped"]


def test_comparisons_are_found_by_what_was_asked_or_answered(workspace: Workspace, comparison: Comparison) -> None:
    store = workspace.comparisons
    other = store.start("Wie groß ist 100 %?", [BASE])
    attempt = store.begin(comparison.id, "base", "web")
    store.append(comparison.id, "base", attempt, "delta", delta("Nearly a secret"))
    store.append(comparison.id, "base", attempt, "finished", {"type": "finished", "text": "Fünf_ Meter"})
    found = {
        text: [one.id for one in store.list(sought=text)] for text in ("GROß", "100 %", "fünf_", "Nearly", "_", " ")
    }
    assert found["GROß"] == found["100 %"] == [other.id]
    assert found["fünf_"] == found["_"] == [comparison.id]
    assert found["Nearly"] == [], "only what an answer ended as"
    assert found[" "] == [other.id, comparison.id]
    assert len(store.list(None)) == 2


def test_a_later_vote_replaces_the_earlier(workspace: Workspace, comparison: Comparison) -> None:
    assert workspace.comparisons.voted(comparison.id) is None
    workspace.comparisons.vote(comparison.id, "base")
    workspace.comparisons.vote(comparison.id, "tools")
    assert workspace.comparisons.voted(comparison.id) == "tools"
