"""Datasets are kept in versions, whole or not at all, and found by name or id."""

import pytest

from storage.errors import NotFound
from storage.records import Dataset, Dropped, Example
from storage.workspace import Workspace

ROWS = [
    Example(1, "How big?", "Two metres", "Be short", "A tent.", "facts", "learn"),
    Example(3, "How old?", "Three", part="watch"),
    Example(4, "How far?", "Four", part="exam"),
]


def keep(workspace: Workspace, name: str, examples: list[Example] = ROWS) -> Dataset:
    columns = {"question": "q", "answer": "a"}
    dropped = (Dropped("no answer", 1, (2,)),)
    return workspace.datasets.keep(name, examples, rows=4, columns=columns, dropped=dropped, source="faq.csv")


def test_what_is_kept_comes_back_equal(workspace: Workspace) -> None:
    kept = keep(workspace, "faq")
    assert workspace.datasets.get(kept.id) == kept
    assert (kept.version, kept.rows, kept.used, kept.held_out) == (1, 4, 3, 1)
    assert kept.dropped == (Dropped("no answer", 1, (2,)),)
    assert workspace.datasets.examples(kept.id) == ROWS


def test_parts_are_read_apart(workspace: Workspace) -> None:
    kept = keep(workspace, "faq")
    assert workspace.datasets.examples(kept.id, "exam") == ROWS[2:]
    assert workspace.datasets.examples(kept.id, "learn", "watch") == ROWS[:2]


def test_a_name_means_its_latest_version_and_older_ones_stay(workspace: Workspace) -> None:
    first, other, second = keep(workspace, "faq"), keep(workspace, "other"), keep(workspace, "faq", ROWS[:1])
    assert workspace.datasets.get("faq") == second
    assert (second.version, second.held_out) == (2, 0)
    assert workspace.datasets.get(first.id) == first
    assert workspace.datasets.examples(first.id) == ROWS
    assert workspace.datasets.list() == [second, other, first]


def test_a_version_follows_only_the_latest(workspace: Workspace) -> None:
    first = keep(workspace, "faq")
    second = workspace.datasets.follow(first, ROWS[:2], rows=5, source="comparison:c:tuned")
    assert second is not None
    assert (second.name, second.version, second.rows, second.used, second.held_out) == ("faq", 2, 5, 2, 0)
    assert (second.columns, second.dropped, second.source) == (first.columns, first.dropped, "comparison:c:tuned")
    assert workspace.datasets.get("faq") == second
    assert workspace.datasets.examples(second.id) == ROWS[:2]
    assert workspace.datasets.follow(first, ROWS, rows=5, source="x") is None
    assert workspace.datasets.list() == [second, first]


def test_a_name_that_is_not_there_is_a_sentence(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="no examples called 'faq'"):
        workspace.datasets.get("faq")


def test_all_rows_are_kept_or_none(workspace: Workspace) -> None:
    with pytest.raises(Exception, match="UNIQUE"):
        keep(workspace, "faq", [*ROWS, ROWS[0]])
    assert workspace.datasets.list() == []


def test_more_rows_than_one_statement_takes(workspace: Workspace) -> None:
    many = [Example(number, f"Question {number}?", "Answer.") for number in range(12_001)]
    assert len(workspace.datasets.examples(keep(workspace, "faq", many).id)) == 12_001
