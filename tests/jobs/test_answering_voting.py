"""A vote keeps what was preferred to what; where the names are hidden it waits for every answer."""

from collections.abc import Iterator

import pytest

from jobs.answering.compare import Comparing
from jobs.answering.voting import all_over, vote
from jobs.models.door import Chat
from storage.errors import NotAllowed
from storage.preferences import Preference, all_preferences
from storage.records import Column, Comparison
from storage.votes import all_votes
from storage.workspace import Workspace
from tests.fakes import ScriptedModel

BASE, OTHER, SAME = Column("base", "base"), Column("other", "base", model="m"), Column("same", "base", model="m")
TUNED, DOCUMENTS = Column("tuned", "tuned"), Column("documents", "documents")


def says(chat: Chat) -> str:
    return "Within 30 days." if chat.model == "m" else "Within 14 days."


@pytest.fixture
def comparing(workspace: Workspace) -> Iterator[Comparing]:
    made = Comparing(workspace, ScriptedModel(says))
    yield made
    made.wait(20)


def asked(comparing: Comparing, *columns: Column, blind: bool = False) -> Comparison:
    comparison = comparing.ask("When?", columns, blind=blind)
    assert comparing.wait(20)
    return comparison


def test_a_vote_is_kept_as_pairs_of_a_chosen_and_a_rejected_answer(workspace: Workspace, comparing: Comparing) -> None:
    made = asked(comparing, BASE, OTHER, SAME, TUNED, DOCUMENTS)
    assert vote(workspace.comparisons, made.id, "base") is False
    first, second = all_preferences(workspace.database)
    at = first.at
    assert first == Preference(
        "When?", "Within 14 days.", "Within 30 days.", "base", "other", made.id, None, blind=False, at=at
    )
    assert second.rejected_column == "same"

    vote(workspace.comparisons, made.id, "other")
    (only,) = all_preferences(workspace.database)
    assert (only.chosen, only.rejected, only.rejected_column) == ("Within 30 days.", "Within 14 days.", "base")
    for nothing_chosen in ("tie", "none", "tuned"):
        vote(workspace.comparisons, made.id, nothing_chosen)
        assert all_preferences(workspace.database) == []


def test_only_the_first_vote_on_hidden_names_is_blind(workspace: Workspace, comparing: Comparing) -> None:
    made = asked(comparing, BASE, OTHER, blind=True)
    assert workspace.comparisons.sealed(made)
    assert vote(workspace.comparisons, made.id, "base") is True
    assert not workspace.comparisons.sealed(made)
    assert [(one.voted, one.blind) for one in all_votes(workspace.database)] == [("base", True)]
    assert [one.blind for one in all_preferences(workspace.database)] == [True]
    assert vote(workspace.comparisons, made.id, "other") is False
    assert [(one.voted, one.blind) for one in all_votes(workspace.database)] == [("other", False)]


def test_nobody_chooses_among_hidden_names_before_all_have_ended(workspace: Workspace) -> None:
    made = workspace.comparisons.start("When?", [BASE, OTHER], blind=True)
    for column in ("base", "other"):
        attempt = workspace.comparisons.begin(made.id, column, "web")
        assert not all_over(workspace.comparisons, made)
        with pytest.raises(NotAllowed, match="Not every answer is there yet"):
            vote(workspace.comparisons, made.id, "base")
        workspace.comparisons.append(
            made.id, column, attempt, "failed", {"type": "failed", "text": "Broke.", "next_step": ""}
        )
    assert workspace.comparisons.voted(made.id) is None
    assert vote(workspace.comparisons, made.id, "none") is True


def test_hidden_columns_are_kept_in_shuffled_order(workspace: Workspace, comparing: Comparing) -> None:
    columns = [Column(f"c{number}", "base") for number in range(6)]
    orders = {tuple(column.id for column in asked(comparing, *columns, blind=True).columns) for _ in range(4)}
    assert len(orders) > 1, "four times the same order of six is chance of 1 in 373 million"
    assert all(sorted(order) == [column.id for column in columns] for order in orders)
    (newest, *_) = workspace.comparisons.list()
    assert workspace.comparisons.get(newest.id) == newest
    assert newest.blind
    assert asked(comparing, *columns).columns == tuple(columns)
