"""A row falls into its part by a hash of its question, keeps it in every version, and no part is empty without need."""

from collections import Counter

import pytest

from jobs.intake.splits import held_out_share, moved, part_key, question_key, with_parts
from storage.errors import UserFault
from storage.records import Example


def asked(count: int, start: int = 0) -> list[Example]:
    return [Example(number, f"What is number {number}?", "It is a number.") for number in range(start, start + count)]


def sizes(examples: list[Example]) -> Counter[str]:
    return Counter(example.part for example in examples)


def parts(examples: list[Example]) -> dict[str, str]:
    return {example.question: example.part for example in examples}


def test_case_punctuation_and_spaces_do_not_make_another_question() -> None:
    assert question_key("What  is X ?") == question_key("what is x") == "what is x"
    assert question_key("???") == "???"


def test_shares_are_about_as_wanted() -> None:
    found = sizes(with_parts(asked(5000), 0.2))
    assert found["exam"] == pytest.approx(1000, abs=120)
    assert found["watch"] == pytest.approx(400, abs=80)


def test_without_an_exam_a_tenth_is_still_watched() -> None:
    found = sizes(with_parts(asked(5000), 0.0))
    assert found["exam"] == 0
    assert found["watch"] == pytest.approx(500, abs=80)


def test_a_row_keeps_its_part_whatever_comes_or_goes() -> None:
    first = parts(with_parts(asked(200), 0.2))
    more = parts(with_parts([*reversed(asked(100, start=500)), *asked(150, start=50)], 0.2))
    assert all(more[question] == first[question] for question in first.keys() & more.keys())


def test_the_parts_of_known_questions_never_change() -> None:
    """These hold for ever: another hash would move rows of every kept dataset from learning into the exam."""
    found = [example.part for example in with_parts(asked(12), 0.2)]
    assert " ".join(found) == "learn watch learn learn learn learn exam learn learn learn learn exam"


def test_rows_of_one_question_stay_together() -> None:
    twins = [Example(1, "What is X?", "a"), Example(2, "what is x", "b"), *asked(30, start=10)]
    found = with_parts(twins, 0.5)
    assert found[0].part == found[1].part


@pytest.mark.parametrize("count", range(1, 40))
def test_small_sets_have_no_empty_part_where_that_is_possible(count: int) -> None:
    for start in range(0, 400, 40):
        found = sizes(with_parts(asked(count, start), 0.2))
        assert found["learn"] >= 1
        assert found["exam"] >= (1 if count > 1 else 0)
        assert found["watch"] >= (1 if count > 2 else 0)


def test_a_row_that_was_moved_stays_where_it_was_moved_to() -> None:
    learners = [example for example in with_parts(asked(400), 0.2) if example.part == "learn"][:12]
    first = with_parts(learners, 0.2)
    assert sizes(first) == {"learn": 10, "exam": 1, "watch": 1}
    grown = with_parts([*learners, *asked(100, start=1000)], 0.2, moved(first))
    was, now = parts(first), parts(grown)
    assert {question: now[question] for question in was} == was


def test_an_exam_that_is_no_longer_wanted_is_learned() -> None:
    first = with_parts(asked(3), 0.2)
    assert sizes(with_parts(asked(3), 0.0, moved(first)))["exam"] == 0


@pytest.mark.parametrize("share", [-0.1, 0.95, 1.0])
def test_a_share_out_of_bounds_is_a_sentence(share: float) -> None:
    with pytest.raises(UserFault, match="share to hold back"):
        with_parts(asked(3), share)


def talks(count: int) -> list[Example]:
    return [
        Example(2 * nr + turn, f"Question {turn}?", "So.", conversation=f"c{nr}", turn=turn)
        for nr in range(count)
        for turn in (1, 2)
    ]


def test_a_conversation_is_in_one_part_and_the_question_without_one() -> None:
    assert part_key(Example(1, "Is it  SO?", "Yes", conversation="is it so")) == "conversation:is it so"
    assert part_key(Example(1, "Is it  SO?", "Yes")) == question_key("Is it so")
    found = with_parts(talks(500), 0.2)
    parts_of = {
        example.conversation: {one.part for one in found if one.conversation == example.conversation}
        for example in found
    }
    assert all(len(one) == 1 for one in parts_of.values())
    assert sizes(found)["exam"] == pytest.approx(200, abs=50)
    assert held_out_share(found) == 0.2


def test_a_conversation_that_was_moved_stays_where_it_was_moved_to() -> None:
    few = with_parts([talk for talk in with_parts(talks(60), 0.2) if talk.part == "learn"][:12], 0.2)
    assert sizes(few) == {"learn": 8, "exam": 2, "watch": 2}
    was = {example.conversation: example.part for example in few}
    grown = with_parts([*few, *asked(50)], 0.2, moved(few))
    assert {example.conversation: example.part for example in grown if example.conversation} == was
