"""A mark [n] is set by comparing words; whatever the model marked itself does not count."""

import pytest

from jobs.answering.grounding import adds_numbers, numbers, rests_on, supporting, with_marks, without_marks
from storage.records import Passage

TENT = Passage("t", "d", "tent.md", 0, 0, "The tent weighs 12 lbs and sleeps four people.", title="TrailMaster Tent")
STOVE = Passage("s", "d", "stove.md", 0, 0, "The stove burns gas for 1,500 hours.", title="CompactCook Stove")


def test_each_sentence_is_marked_with_the_passage_that_supports_it() -> None:
    said = "The TrailMaster tent weighs 12 lbs. The stove burns gas. Penguins live in Antarctica."
    marked = "The TrailMaster tent weighs 12 lbs. [1] The stove burns gas. [2] Penguins live in Antarctica."
    assert with_marks(said, [TENT, STOVE]) == marked
    assert without_marks(marked) == said


def test_a_wrong_number_is_not_supported() -> None:
    assert supporting("The tent weighs 13 lbs.", [TENT, STOVE]) is None
    assert supporting("It burns for 1500 hours: the stove.", [TENT, STOVE]) == 2


def test_marks_of_the_model_are_removed() -> None:
    assert with_marks("Penguins swim [1]. They eat [12] fish.", [TENT]) == "Penguins swim. They eat fish."


@pytest.mark.parametrize("text", ["", " ", "?", "...", "\n\n", "Yes.", "**The tent weighs:**", "- The tent"])
def test_nothing_said_is_supported_by_nothing(text: str) -> None:
    assert with_marks(text, [TENT]) == text
    assert supporting(text, [TENT]) is None
    assert with_marks("The tent weighs 12 lbs.", []) == "The tent weighs 12 lbs."


def test_numbers_are_compared_without_separators_of_thousands() -> None:
    assert numbers("1,500 lbs in 3.5 h at 12:30") == {"1500", "3.5", "12:30"}
    assert not adds_numbers("It is 1500.", ["1,500 hours"])
    assert adds_numbers("It is 15.", ["1,500 hours"])
    assert not adds_numbers("No number at all.", [])


def test_the_last_words_of_a_cut_answer_get_no_mark() -> None:
    said = "The tent weighs 12 lbs. The tent sleeps four"
    assert with_marks(said, [TENT], cut_off=True) == "The tent weighs 12 lbs. [1] The tent sleeps four"


@pytest.mark.parametrize(
    ("sentence", "rests"),
    [
        ("The order has shipped.", True),
        ("Order 1042 has shipped!", True),
        ("The order of 1043 has shipped.", False),
        ("The order has shipped:", False),
        ("The order has", False),
        ("Penguins eat fish and live far south.", False),
        ("", False),
    ],
)
def test_a_sentence_beside_a_result_must_rest_on_it(sentence: str, rests: bool) -> None:
    assert rests_on(sentence, ["Where is order 1042?", "status: shipped"]) is rests
