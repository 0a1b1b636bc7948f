"""Repeated, almost repeated and contradicting rows, and questions that stand in both parts."""

from dataclasses import replace

import pytest

from jobs.intake.checking.alike import are_alike
from jobs.intake.checking.near import near_questions
from jobs.intake.checking.texts import text_key
from jobs.intake.checks import MOST_COMPARED, Finding, after_split, sift
from storage.records import Example
from tests.jobs.examples import rows, talk

RETURNS = "How many days do I have to send back what I bought from you?"
WITHIN = "You have thirty days from the day on which it came to you."


def finding(examples: list[Example], check_id: str, remedies: dict[str, str] | None = None) -> Finding | None:
    """Return what a check found before the split; None where nothing."""
    return next((one for one in sift(examples, remedies or {}).findings if one.id == check_id), None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How big?", "HOW BIG"),
        ("Don’t you?", "dont you"),
        ("E-mail", "e mail"),
        ("a  b\nc", "A b, c!"),
        ("ﬁne", "FINE"),
        ("«Was?»", "was"),
    ],
)
def test_capitals_punctuation_and_spacing_make_no_difference(one: str, other: str) -> None:
    assert text_key(one) == text_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is 2+3?", "What is 2*3?"),
        ("Is it -5?", "Is it 5?"),
        ("C", "C#"),
        ("5", "5%"),
        ("1.5", "15"),
        ("?", "!"),
        ("resume", "résumé"),
        ("£5", "$5"),
    ],
)
def test_signs_that_count_do(one: str, other: str) -> None:
    assert text_key(one) != text_key(other)


def test_repeated_rows_say_how_alike_they_are_and_like_which() -> None:
    given_rows = rows(("How big?", "Two"), ("How BIG", "two."), ("How big?", "Two"), ("How wide?", "Two"))
    found = finding(given_rows, "repeated")
    assert found is not None
    assert (found.rows, found.like, found.chosen) == ((2, 3), (1, 1), "leave out")
    assert found.detail == "1 exactly the same, 1 but for capitals, punctuation or spacing."
    assert len(sift(given_rows).examples) == 2
    assert sift(given_rows, {"repeated": "use"}).examples == given_rows


def test_the_very_same_rows_are_not_also_almost_repeated() -> None:
    given_rows = rows((RETURNS, WITHIN), (RETURNS, WITHIN), (RETURNS.upper(), WITHIN))
    assert finding(given_rows, "near", {"repeated": "use"}) is None


def test_another_answer_contradicts_and_the_first_is_named() -> None:
    given_rows = rows(("How big?", "Two metres"), ("How big", "Three"), ("How big?", "Two metres"))
    found = finding(given_rows, "contradicting")
    assert found is not None
    assert (found.rows, found.like, found.chosen) == ((2,), (1,), "use")
    assert [one.row for one in sift(given_rows, {"contradicting": "leave out"}).examples] == [1]


def test_the_same_question_about_another_text_is_another_question() -> None:
    given_rows = rows(
        ("Who?", "Ann", "", "Ann sang."), ("Who?", "Bob", "", "Bob danced."), ("Who?", "Ann", "In French.")
    )
    assert sift(given_rows).findings == ()


def test_an_answer_with_a_mistyped_word_is_almost_repeated_and_contradicts_nothing() -> None:
    given_rows = rows((RETURNS, WITHIN), (RETURNS, WITHIN.replace("thirty", "thirtty")))
    assert [one.id for one in sift(given_rows).findings] == ["near"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (RETURNS.replace("bought", "boughtt"), WITHIN),
        (RETURNS.replace("from you", "from"), WITHIN),
        (RETURNS, WITHIN.replace("the day on", "the date on")),
        (RETURNS.replace("send", "sned"), WITHIN),
    ],
)
def test_almost_repeated_rows_are_found_and_used(question: str, answer: str) -> None:
    given_rows = rows((RETURNS, WITHIN), (question, answer))
    found = finding(given_rows, "near")
    assert found is not None
    assert (found.rows, found.like, found.chosen) == ((2,), (1,), "use")
    assert sift(given_rows).examples == given_rows
    assert [one.row for one in sift(given_rows, {"near": "leave out"}).examples] == [1]


@pytest.mark.parametrize(
    ("form", "one", "other"),
    [
        ("Where is order {}?", "4106", "4107"),
        ("What is type {} of this rare disease called by the doctors here?", "I", "II"),
        ("Is vitamin {} good for me and for my children at home?", "A", "B"),
        ("How do I {} my order?", "track", "cancel"),
        ("What is the warranty of the {} from your shop in the town?", "Explorer", "Trailmaster"),
        ("What is the warranty of {} from your shop?", "the tent", "the tent called Explorer"),
    ],
)
def test_another_number_or_name_makes_another_question(form: str, one: str, other: str) -> None:
    assert near_questions(rows((form.format(one), "Yes"), (form.format(other), "Yes"))) == []


def test_texts_in_one_form_with_other_names_are_not_almost_the_same() -> None:
    towns = ("Aarhus", "Bilbao", "Coimbra", "Dresden", "Evora", "Faro", "Ghent", "Haarlem", "Innsbruck", "Jena")
    asked = [f"How long does it take until an order gets to {town} by your bicycle?" for town in towns]
    assert near_questions(rows(*[(question, "Two days") for question in asked])) == []
    sent = [f"How long does it take until an order gets to {chr(97 + n)}xville by bike?" for n in range(20)]
    assert near_questions(rows(*[(question, "Two days") for question in sent])) == []


def test_words_are_compared_in_order() -> None:
    assert are_alike(["a", "b", "c"], ["a", "b", "c"])
    assert not are_alike(["the", "dog", "bites", "the", "man"], ["the", "man", "bites", "the", "dog"])


def test_almost_the_same_is_found_among_many() -> None:
    many = rows(*[(f"{a} {b} {c} {d}?", "Yes") for a, b, c, d in zip(*[words(seed) for seed in range(4)], strict=True)])
    near = [replace(many[0], row=9_001, question=many[0].question[:-2] + "?")]
    found = finding([*many, *near], "near")
    assert found is not None
    assert (found.rows, found.like) == ((9_001,), (1,))


def test_among_too_many_rows_only_repeats_are_looked_for() -> None:
    assert near_questions(rows((RETURNS, "Yes"), (RETURNS, "No"))) == [(0, 1)]
    assert near_questions(rows((RETURNS, "Yes")) * (MOST_COMPARED + 1)) == []


def words(seed: int) -> list[str]:
    return ["".join(chr(97 + (n * (seed + 7) * (place + 11) // 3) % 26) for place in range(7)) for n in range(3_000)]


def test_greetings_of_conversations_are_alike_and_yet_used() -> None:
    spoken = [
        *talk("one", ("Hello", "Hi, what can I do?"), ("Where is my order?", "On its way")),
        *talk("two", ("Hello", "Hi, what can I do?"), ("Cancel it", "Done"), first=3),
        *talk("three", ("Hello", "Good day"), ("Cancel it", "Done"), first=5),
    ]
    assert sift(spoken).findings == ()


def test_a_conversation_that_stands_above_is_left_out_as_a_whole() -> None:
    turns = (("Hello", "Hi"), ("Where is my order?", "On its way"))
    sifted = sift([*talk("one", *turns), *talk("two", *turns, first=3)])
    assert [one.row for one in sifted.examples] == [1, 2]
    assert [(one.id, one.rows, one.like) for one in sifted.findings] == [("repeated", (3, 4), (1, 2))]


def split(*parts: str) -> list[Example]:
    """Return almost the same question in the first two parts, and other questions in the rest."""
    texts = [(RETURNS, WITHIN), (RETURNS.replace("bought", "boughtt"), "A month.")]
    others = [(f"What {word}?", "This") for word in ("sings", "dances", "climbs", "swims", "rides", "sleeps", "talks")]
    made = rows(*texts, *others)[: len(parts)]
    return [replace(example, part=part) for example, part in zip(made, parts, strict=True)]  # pyright: ignore


def parts(examples: list[Example]) -> list[str]:
    return [example.part for example in examples]


@pytest.mark.parametrize(
    ("first", "second", "leaking"), [("learn", "exam", 2), ("exam", "learn", 1), ("watch", "exam", 2)]
)
def test_what_is_learned_and_asked_goes_to_the_part_of_the_first(first: str, second: str, leaking: int) -> None:
    given_rows = split(first, second, "learn", "learn", "watch", "watch", "exam", "exam")
    kept = after_split(given_rows)
    (found,) = kept.findings
    assert (found.id, found.rows, found.like, found.chosen) == ("leak", (leaking,), (3 - leaking,), "keep together")
    assert parts(kept.examples) == [first, first, *parts(given_rows)[2:]]
    assert after_split(kept.examples).findings == ()
    undone = after_split(given_rows, {"leak": "use"})
    assert undone.examples == given_rows
    assert undone.findings[0].count == 1


def test_no_part_is_emptied_for_it() -> None:
    given_rows = split("learn", "exam", "learn", "learn", "watch")
    kept = after_split(given_rows)
    assert parts(kept.examples) == parts(given_rows)
    assert kept.findings[0].count == 1


def test_what_is_watched_may_be_almost_what_is_learned() -> None:
    assert after_split(split("learn", "watch", "exam", "exam")).findings == ()


def test_rows_with_one_question_move_together() -> None:
    given_rows = split("learn", "exam", "learn", "learn", "watch", "exam", "exam")
    twin = replace(given_rows[1], row=8, context="Another text")
    kept = after_split([*given_rows, twin, *[replace(one, row=10 + one.row) for one in given_rows[5:]]])
    assert {one.part for one in kept.examples if one.row in {1, 2, 8}} == {"learn"}
