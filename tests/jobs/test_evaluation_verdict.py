"""The verdict says who leads, who is clearly worse, and what would settle the rest; never more than the tests carry."""

from collections.abc import Mapping

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.evaluation.verdict import LEAST, verdict
from jobs.metrics.pairing import mcnemar
from storage.records import Json


def lines(rights: Mapping[str, str], kinds: str = "") -> list[Json]:
    """One line a question and column: `x` is a right answer, a dot a wrong one."""
    return [
        {"row": row, "column_id": column, "right": mark == "x", "kind": kinds[row] if kinds else ""}
        for column, marks in rights.items()
        for row, mark in enumerate(marks)
    ]


def test_a_clear_winner_leads_alone() -> None:
    rights = {"base": "." * 30, "hybrid": "x" * 24 + "." * 6, "tuned": "x" * 8 + "." * 22}
    told = verdict(lines(rights), list(rights))
    assert (told.leaders, told.clear, told.n) == (("hybrid",), True, 30)
    assert (told.rates["hybrid"].right, told.rates["hybrid"].n) == (24, 30)
    assert told.compared("tuned", "hybrid").settled


def test_two_that_can_not_be_told_apart_lead_together_and_what_would_settle_them_is_named() -> None:
    rights = {"base": "." * 40, "documents": "x" * 28 + "." * 12, "hybrid": "x" * 26 + "...." + "x" * 6 + "...."}
    told = verdict(lines(rights), list(rights))
    assert told.leaders == ("hybrid", "documents")
    assert told.clear
    unsettled = told.compared("hybrid", "documents")
    assert not unsettled.settled
    assert unsettled.more is not None
    assert unsettled.more > 10


def test_a_leader_that_only_some_are_worse_than_is_no_clear_one() -> None:
    rights = {"a": "x" * 30, "b": "x" * 24 + "." * 6, "c": "x" * 18 + "." * 12}
    told = verdict(lines(rights), list(rights))
    assert told.leaders == ("a", "b")
    assert not told.compared("b", "c").settled
    assert not told.clear


def test_kinds_have_verdicts_of_their_own_where_there_are_enough_questions() -> None:
    kinds = "s" * 20 + "f" * 20 + "m" * 5
    rights = {"tuned": "x" * 20 + "." * 25, "documents": "." * 20 + "x" * 25}
    told = verdict(lines(rights, kinds), list(rights))
    assert {kind: (one.leaders, one.clear) for kind, one in told.kinds.items()} == {
        "s": (("tuned",), True),
        "f": (("documents",), True),
    }


def test_only_questions_that_all_columns_answered_count() -> None:
    told = verdict([*lines({"a": "x" * 20, "b": "x" * 20}), *lines({"a": "." * 30})[20:]], ["a", "b"])
    assert told.n == 20
    assert told.enough
    assert LEAST == 20


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.booleans()] * 4), min_size=20, max_size=60))
def test_who_is_no_leader_is_worse_than_the_best_by_the_corrected_test(answers: list[tuple[bool, ...]]) -> None:
    columns = ["a", "b", "c", "d"]
    rights = {column: "".join("x" if row[place] else "." for row in answers) for place, column in enumerate(columns)}
    told = verdict(lines(rights), columns)
    best = max(rate.right for rate in told.rates.values())
    assert told.rates[told.leaders[0]].right == best
    for column in set(columns) - set(told.leaders):
        compared = told.compared(told.leaders[0], column)
        assert compared.settled
        assert mcnemar(compared.told) <= compared.p < 0.05


def test_of_many_equal_ways_a_winner_is_named_at_most_as_often_as_chance_allows() -> None:
    rng, columns = np.random.default_rng(5), ["a", "b", "c", "d", "e"]
    named = 0
    for _ in range(400):
        marks = {column: "".join(rng.choice(["x", "."], 60)) for column in columns}
        named += len(verdict(lines(marks), columns).leaders) < len(columns)
    assert named / 400 <= 0.05


def test_one_column_has_no_pairs() -> None:
    told = verdict(lines({"a": "x" * 20}), ["a"])
    assert (told.pairs, told.leaders) == ((), ("a",))
