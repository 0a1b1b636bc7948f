"""Facts are proposed from the wanted answer as the judge would find them, and a ticked choice decides."""

from dataclasses import replace

import pytest

from jobs.evaluation.proposing import by_facts, check_choice, proposals
from jobs.evaluation.questions import table_questions
from jobs.metrics.facts import Expected, facts_of, judge
from jobs.metrics.style import checklist
from storage.errors import UserFault
from tests.conftest import PROJECT

ANSWER = "Send it to Larkspur Cycles by 14 June at 5 pm; within 30 days you get €1,200.50 back."
ASKED = Expected("When do I send it?", ANSWER)


def test_numbers_dates_times_and_names_are_ticked_and_units_are_offered() -> None:
    found = [(one.phrase, one.sort, one.ticked) for one in proposals(ASKED)]
    assert found == [
        ("Larkspur", "name", True),
        ("Cycles", "name", True),
        ("14 June", "date", True),
        ("5 pm", "time", True),
        ("30", "number", True),
        ("1,200.50", "number", True),
        ("30 days", "amount", False),
        ("€1,200.50", "amount", False),
    ]


def test_what_was_marked_is_ticked_and_what_was_not_is_offered() -> None:
    marked = replace(ASKED, needed=("30 days", "send"))
    ticked = [one.phrase for one in proposals(marked) if one.ticked]
    assert ticked == ["30 days", "send"]
    assert {one.phrase for one in proposals(marked)} > {"Larkspur", "14 June"}
    assert next(one.sort for one in proposals(marked) if one.phrase == "send") == "phrase"
    assert proposals(Expected("Why?", "Because it is so.")) == []
    assert [(one.phrase, one.ticked) for one in proposals(Expected("May I?", "No, wait 5 days."))] == [
        ("5", True),
        ("5 days", False),
        ("No", False),
    ]


def test_a_ticked_choice_decides_alone() -> None:
    ticked = replace(ASKED, needed=("30 days",))
    assert judge("Thirty days.", ticked).right
    assert not judge("Thirty days.", ASKED).right
    assert not judge("Thirty hours, Larkspur Cycles, 14 June, 5 pm, 1200.50.", ticked).right
    assert not judge("Thirty days.", replace(ticked, wrong=("thirty",))).right


def test_to_tick_what_is_proposed_changes_no_judgement_of_the_sample() -> None:
    questions = table_questions(PROJECT / "assets/samples/larkspur/questions.csv", "questions.csv")
    for question in questions:
        expected = question.expected
        if not by_facts(expected):
            continue
        ticked = replace(expected, needed=tuple(facts_of(expected)))
        check_choice(ticked)
        for other in questions[:12]:
            given = f"I think so: {other.expected.answer} {expected.answer[: len(expected.answer) // 2]}"
            assert judge(given, ticked).right == judge(given, expected).right, (given, expected)


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ({"needed": ()}, "Nothing is ticked"),
        ({"needed": ("40 days",)}, "does not hold “40 days”"),
        ({"needed": ("30",), "wrong": ("thirty days",)}, "itself says “thirty days”"),
    ],
)
def test_a_choice_that_can_not_be_meant_so_is_refused(choice: dict[str, tuple[str, ...]], says: str) -> None:
    expected = replace(ASKED, **choice)
    with pytest.raises(UserFault, match=says):
        check_choice(expected)


def test_where_nothing_was_found_nothing_has_to_be_ticked() -> None:
    check_choice(Expected("Why?", "Because it is so."))
    check_choice(Expected("Who wins?", "", kind="unknown"))
    check_choice(Expected("Who?", "", needed=("Ada",)))


def test_where_facts_do_not_decide_none_are_offered_or_taken() -> None:
    style = Expected("How?", ANSWER, kind="style", style=checklist("has: Larkspur"))
    unknown = Expected("Who wins?", "", kind="unknown")
    for expected in (style, unknown):
        assert proposals(expected) == []
        check_choice(expected)
        with pytest.raises(UserFault, match="no facts are checked"):
            check_choice(replace(expected, needed=("30",)))
    assert proposals(replace(style, style=())) != []
