"""Marks [n] of an answer, counted by sentence, and whether the passage they name supports it."""

from jobs.answering.citing import Cited, cited
from jobs.answering.grounding import with_marks
from storage.records import Passage

TENT = Passage("t", "d", "tent.md", 0, 0, "The tent weighs 12 lbs and sleeps four people.", title="TrailMaster Tent")
STOVE = Passage("s", "d", "stove.md", 0, 0, "The stove burns gas for 1,500 hours.", title="CompactCook Stove")


def test_marks_that_hold_and_sentences_without_one_are_counted() -> None:
    said = "The TrailMaster tent weighs 12 lbs. [1] The stove burns gas. [2] Penguins live in Antarctica."
    assert cited(said, [TENT, STOVE]) == Cited(3, 2, 2)


def test_a_mark_at_the_wrong_passage_does_not_hold() -> None:
    assert cited("The tent weighs 12 lbs. [2]", [TENT, STOVE]) == Cited(1, 1, 0)
    assert cited("The tent weighs 13 lbs [1].", [TENT, STOVE]) == Cited(1, 1, 0), "another number"
    assert cited("The tent weighs 12 lbs. [3]", [TENT, STOVE]) == Cited(1, 1, 0), "there is no such passage"
    assert cited("The tent weighs 12 lbs. [0]", [TENT, STOVE]) == Cited(1, 1, 0)
    assert cited("The tent weighs 12 lbs. [2] [1]", [TENT, STOVE]) == Cited(1, 1, 1), "one of several suffices"


def test_what_claims_nothing_needs_no_mark() -> None:
    assert cited("Yes. The tent weighs:", [TENT]) == Cited(0, 0, 0)
    assert cited("", [TENT]) == Cited(0, 0, 0)


def test_marks_of_our_own_always_hold() -> None:
    said = "Yes. The tent weighs 12 lbs. Nobody knows the colour of it. It sleeps four people."
    told = cited(with_marks(said, [STOVE, TENT]), [STOVE, TENT])
    assert (told.sentences, told.marked) == (3, told.supported) == (3, 2)
