"""What right means: facts in any common writing, short answers exactly, declining where nobody can know."""

from typing import Any

import pytest

from jobs.metrics.facts import Expected, facts_of, judge
from jobs.metrics.style import checklist
from storage.errors import UserFault

FABRIC = "The fabric repels water, dries fast and breathes."
RETURNS = "Yes, you can send it back within 30 days, free of charge."


def expect(answer: str = "", question: str = "What now?", **more: Any) -> Expected:
    return Expected(question, answer, **more)


@pytest.mark.parametrize(
    ("given", "expected", "right", "yardstick"),
    [
        ("You have thirty days for that.", expect(RETURNS), True, "facts"),
        ("You have 14 days for that.", expect(RETURNS), False, "facts"),
        ("No, you cannot send it back within 30 days.", expect(RETURNS), False, "facts"),
        ("It comes on 24 November.", expect("It arrives on 2026-11-24."), True, "facts"),
        ("In Berlin.", expect("Our workshop is in Berlin, near the river Spree."), False, "facts"),
        ("card_arrival", expect("card_arrival"), True, "exact"),
        ("It is card_arrival", expect("card_arrival"), False, "exact"),
        ("Yes.", expect("maybe", accepted=("yes",)), True, "exact"),
        ("The fabric repels water and dries quickly.", expect(FABRIC), True, "words"),
        ("The zip is made of metal.", expect(FABRIC), False, "words"),
        ("I don't know.", expect(kind="unknown"), True, "declines"),
        ("It will be 42.", expect(kind="unknown"), False, "declines"),
        ("I don't know.", expect(RETURNS), False, "facts"),
        ("", expect(RETURNS), False, "facts"),
    ],
)
def test_right_and_wrong(given: str, expected: Expected, right: bool, yardstick: str) -> None:
    judged = judge(given, expected)
    assert (judged.right, judged.yardstick) == (right, yardstick)
    assert bool(judged.reason) is not right


def test_marked_facts_replace_those_that_are_found() -> None:
    expected = expect("It costs 45 euros at Contoso since 2019.", needed=("€45", "free|no charge"))
    assert facts_of(expected) == ["€45", "free|no charge"]
    assert judge("45 EUR, delivery at no charge", expected).right
    assert judge("45 EUR at Contoso since 2019", expected).reason == "it lacks “free|no charge”"


def test_a_wrong_phrase_spoils_every_answer() -> None:
    judged = judge("Within 30 days, or 14 days on sale.", expect(RETURNS, wrong=("14 days",)))
    assert (judged.right, judged.reason) == (False, "it says “14 days”, which is wrong")


def test_what_the_question_holds_is_no_fact_of_the_answer() -> None:
    expected = expect("The TrailMaster X4 weighs 12 kg.", question="How heavy is the TrailMaster X4?")
    assert facts_of(expected) == ["12"]
    assert judge("It weighs twelve kilos.", expected).right


def test_a_style_is_a_checklist() -> None:
    house = checklist("starts: Thanks for asking; not: sorry|unfortunately; at most 12 words")
    expected = expect("Thanks for asking! Yes.", kind="style", style=house)
    assert judge("Thanks for asking! Of course you can.", expected).right
    assert judge("Thanks for asking! We are sorry, no.", expected).reason == "style: not sorry|unfortunately"
    assert judge("Thanks for asking! " + "word " * 12, expected).yardstick == "style"


def test_a_mixed_question_needs_facts_and_style() -> None:
    expected = expect("It takes 3 days.", kind="mixed", style=checklist("ends: Happy riding!"))
    assert judge("Three days. Happy riding!", expected).right
    assert not judge("Two days. Happy riding!", expected).right
    assert not judge("Three days.", expected).right


@pytest.mark.parametrize(("entry", "given"), [("has: 30 days", "thirty days"), ("at least 2 words", "two words")])
def test_every_entry_of_a_checklist_can_pass(entry: str, given: str) -> None:
    (check,) = checklist(entry)
    assert check.passes(given)
    assert not check.passes("no")


def test_an_entry_that_is_none_is_named() -> None:
    with pytest.raises(UserFault, match="“be nice” is no entry of a style checklist"):
        checklist("has: x; be nice")
