"""Votes as win rates: for each column, for each pair that stood side by side, ties and refusals told apart."""

import pytest

from jobs.evaluation.voting import Won, counted
from jobs.metrics.statistics import wilson
from storage.records import AnswerState, Column
from storage.votes import NONE, TIE, Vote, all_votes
from storage.workspace import Workspace

BASE, TUNED, TOOLS = Column("base", "base"), Column("tuned", "tuned", adapter_id="a"), Column("tools", "tools")
THREE = (BASE, TUNED, TOOLS)


def votes(**numbers: int) -> list[Vote]:
    return [Vote(voted, THREE) for voted, number in numbers.items() for _ in range(number)]


def test_a_vote_tells_of_every_pair_that_holds_the_chosen_one_and_of_no_other() -> None:
    told = counted(votes(tuned=7, base=2, tools=1))
    assert told.columns["tuned"] == Won(7, 3, 0)
    assert told.pairs == {
        ("base", "tuned"): Won(2, 7, 0),
        ("base", "tools"): Won(2, 1, 0),
        ("tools", "tuned"): Won(1, 7, 0),
    }
    assert told.columns["tuned"].interval == wilson(7, 10)


def test_a_tie_is_half_a_win_and_tells_nothing_of_who_is_better() -> None:
    told = counted(votes(base=3, **{TIE: 4}))
    won = told.columns["base"]
    assert (won.n, won.rate, won.interval) == (7, pytest.approx(5 / 7), wilson(3, 3))
    assert told.pairs["base", "tuned"] == Won(3, 0, 4)
    assert told.pairs["tools", "tuned"] == Won(0, 0, 4)
    assert told.pairs["tools", "tuned"].interval == (0.0, 1.0)


def test_where_no_answer_was_good_nobody_has_lost() -> None:
    told = counted(votes(tuned=2, **{NONE: 3}))
    assert (told.n, told.none) == (5, 3)
    assert told.columns["base"] == Won(0, 2, 0)


def test_a_column_alone_has_nobody_to_win_against() -> None:
    assert counted([Vote("base", (BASE,)), Vote("base", ())]).n == 0
    assert counted([]).columns == {}


def test_only_columns_that_had_answered_stood_for_choice(workspace: Workspace) -> None:
    kept = workspace.comparisons
    made = kept.start("Why?", THREE)
    for column, how in (("base", "finished"), ("tuned", "failed"), ("tools", "finished")):
        attempt = kept.begin(made.id, column, "me")
        kept.append(made.id, column, attempt, how, {"type": how})
    again = kept.begin(made.id, "tools", "me")
    kept.append(made.id, "tools", again, "failed", {"type": "failed"})
    assert kept.states(made.id)["tools"] == (2, AnswerState.FAILED)
    assert all_votes(workspace.database) == []
    kept.vote(made.id, "base")
    assert all_votes(workspace.database) == [Vote("base", (BASE,))]
    kept.vote(made.id, "tools")
    assert all_votes(workspace.database) == [Vote("tools", (BASE, TOOLS))], "what was chosen had an answer"
