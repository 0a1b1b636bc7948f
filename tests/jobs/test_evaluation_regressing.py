"""What got worse is told with what had changed; only what chance hardly explains is called a regression."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from jobs.evaluation.regressing import Difference, Regression, differences, regressions
from storage.dismissed import dismiss, dismissed
from storage.records import Json, Scorecard
from storage.workspace import Workspace
from studio.views.regressions import regressions as in_words


def card(number: int, source: str = "d", **right: str) -> tuple[Scorecard, list[Json]]:
    """Return a score, later with a higher number, and its answers: x is right."""
    lines = [
        {"column_id": column, "question": f"Question {row}?", "right": mark == "x"}
        for column, marks in right.items()
        for row, mark in enumerate(marks)
    ]
    ways = tuple(
        {"way": column, "column_id": column, "n": len(marks), "right": marks.count("x") / len(marks)}
        for column, marks in right.items()
    )
    return Scorecard(f"c{number}", "j", source, ways, "", float(number)), lines


def told(*scores: tuple[Scorecard, list[Json]]) -> list[Regression]:
    files: Mapping[str, list[Json]] = {one.id: lines for one, lines in scores}
    newest_first = sorted((one for one, _ in scores), key=lambda one: -one.created_at)
    return regressions(newest_first, lambda one: files[one.id])


GOOD, BAD, HARDLY = "x" * 20, "x" * 8 + "." * 12, "x" * 17 + "..."


def test_a_column_that_is_clearly_worse_is_told_with_both_scores() -> None:
    (one,) = told(card(1, base=GOOD, tuned=GOOD), card(2, base=GOOD, tuned=BAD))
    assert (one.before.id, one.after.id, one.told.column_id, one.clear) == ("c1", "c2", "tuned", True)
    assert (one.told.before, one.told.after, one.told.n) == (20, 8, 20)


def test_a_few_more_wrong_answers_could_be_chance_and_one_is_no_news() -> None:
    (one,) = told(card(1, base=GOOD), card(2, base=HARDLY))
    assert not one.clear
    assert told(card(1, base=GOOD), card(2, base="x" * 19 + ".")) == []
    assert told(card(1, base=BAD), card(2, base=GOOD)) == []


def test_the_more_columns_are_compared_the_more_it_takes() -> None:
    worse = "x" * 14 + "." * 6
    (alone,) = told(card(1, base=GOOD), card(2, base=worse))
    assert alone.clear
    among = told(card(1, base=GOOD, tuned=GOOD, tools=GOOD), card(2, base=worse, tuned=GOOD, tools=GOOD))
    assert [one.clear for one in among] == [False]


def test_it_is_told_until_a_later_score_is_better() -> None:
    first, worse, as_bad = card(1, base=GOOD), card(2, base=BAD), card(3, base=BAD)
    (one,) = told(first, worse, as_bad)
    assert (one.before.id, one.after.id) == ("c1", "c3"), "as bad as the one before it is still worse than the good one"
    assert told(first, worse, card(3, base=GOOD)) == []


def test_a_score_of_other_ways_does_not_make_it_forgotten() -> None:
    (one,) = told(card(1, base=GOOD, tuned=GOOD), card(2, base=GOOD, tuned=BAD), card(3, base=GOOD))
    assert (one.after.id, one.told.column_id) == ("c2", "tuned")


def test_only_scores_of_the_same_questions_are_compared() -> None:
    assert told(card(1, "d", base=GOOD), card(2, "e", base=BAD)) == []
    both = told(card(1, "d", base=GOOD), card(2, "e", base=GOOD), card(3, "d", base=BAD), card(4, "e", base=HARDLY))
    assert [(one.after.source, one.clear) for one in both] == [("d", True), ("e", False)]


def test_another_version_of_the_questions_is_the_same_test() -> None:
    (first, before), (second, after) = card(1, "id-1", base=GOOD), card(2, "id-2", base=BAD)
    named = [replace(one, questions={"name": "FAQ", "version": nr}) for nr, one in enumerate((first, second), 1)]
    (one,) = told((named[0], before), (named[1], after))
    assert one.clear


def test_a_column_is_compared_with_the_last_score_that_has_it() -> None:
    (one,) = told(card(1, tuned=GOOD), card(2, base=GOOD), card(3, tuned=BAD))
    assert one.before.id == "c1"


def test_no_file_is_read_where_nothing_got_worse() -> None:
    def never(_card: Scorecard) -> list[Json]:
        pytest.fail("no answers were needed")

    (first, _), (second, _) = card(1, base=BAD), card(2, base=GOOD)
    assert regressions([second, first], never) == []


def test_what_had_changed_is_named() -> None:
    before = {"model": "starter", "adapter_id": "a" * 36, "adapter": "Tone", "tools": ["a"], "collection": "M"}
    after = {**before, "adapter_id": "b" * 36, "tools": ["b", "a"], "reported": {"index_version": [4]}}
    assert differences(before, after) == (
        Difference("adapter", "Tone aaaaaaaa", "Tone bbbbbbbb"),
        Difference("index", "", "4"),
        Difference("tools", "a", "a, b"),
    )
    assert differences(before, before) == ()


def test_it_is_said_in_words_with_the_way_to_see_it() -> None:
    (clear,) = told(card(1, tuned=GOOD), card(2, tuned=BAD))
    text = in_words([clear], [], 62.0)
    assert text.startswith(
        "- d, 1 minute ago: ✕ **Tuned** was right on 8 of 20, before on 20: clearly worse. Nothing that"
    )
    assert text.endswith("[See what broke](/scores?s=c2)")
    (chance,) = told(card(1, tuned=GOOD), card(2, tuned=HARDLY))
    assert "3 more wrong, which could be chance." in in_words([chance], [], 62.0)


def test_a_note_that_was_dismissed_stays_away(workspace: Workspace) -> None:
    assert dismissed(workspace) == set()
    dismiss(workspace, ["c2 tuned"])
    dismiss(workspace, ["c3 tuned", "c2 tuned"])
    assert dismissed(workspace) == {"c2 tuned", "c3 tuned"}
