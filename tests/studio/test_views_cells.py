"""Every question by every column, one answer whole, and how it differs from the wanted one, word by word."""

import pytest

from jobs.evaluation.marking import with_marks
from storage.marks import Mark
from storage.records import Json, Scorecard
from studio.views import cell as view
from studio.views.difference import closest, difference
from studio.views.matrix import matrix
from studio.views.questions import Filter, questions
from tests.studio.test_views_questions import CALL, NAMES, PASSAGE, both, line

WEIGHTS = {"base_id": "starter", "base_sha256": "0" * 64, "index_version": 3, "seed": 0}
CARD = Scorecard(
    "c",
    "j",
    "d",
    ({"way": "base", "column_id": "base"}, {"way": "documents", "column_id": "documents", "collection": "Manuals"}),
    "scores/a.jsonl",
    0.0,
)


def whole(*lines: Json, column: str = "base") -> str:
    (one,) = questions(lines)
    return view.cell(one, column, CARD, 100.0)


def answered(column: str = "base", right: bool = False, **more: object) -> Json:
    return line(1, column, right, provenance=WEIGHTS, **more)


def test_a_row_is_a_question_and_says_of_each_column_how_it_did() -> None:
    lines = [*both(1, True, False), line(2, "base", False, state="failed"), *both(3, True, True)]
    table = matrix(questions(lines), NAMES, Filter(), "c").splitlines()
    assert table[0].startswith("**3 questions**")
    assert table[2:4] == [
        "| Question | [○ Base](/scores?s=c&w=base#every-question) | "
        "[■ Documents](/scores?s=c&w=documents#every-question) |",
        "| --- | --- | --- |",
    ]
    assert table[4:] == [
        "| [1\\. Question 1?](/scores?s=c&q=1#cell-box) | ✓ right | ✕ wrong |",
        "| [2\\. Question 2?](/scores?s=c&q=2#cell-box) | ✕ no answer | – |",
        "| [3\\. Question 3?](/scores?s=c&q=3#cell-box) | ✓ right | ✓ right |",
    ]


def test_the_filter_leaves_rows_out_and_long_questions_are_cut() -> None:
    lines = [*both(1, True, True), *both(2, True, False)]
    assert matrix(questions(lines), NAMES, Filter("differ"), "c").startswith("**1 of 2 questions**")
    assert matrix(questions(lines), NAMES, Filter(kind="style"), "c") == "There is no such question among these."
    text = matrix(questions([line(1, "base", True, question="very " * 40)]), NAMES, Filter(), "c")
    assert "very …](" in text


def test_what_a_person_said_and_several_answers_show_in_the_row() -> None:
    runs = [{"right": True}, {"right": False}, {"right": True}]
    lines = with_marks([*both(1, False, True), line(2, "base", True, runs=runs)], {("base", 1): Mark("right", "so")})
    table = matrix(questions(lines), NAMES, Filter(), "c")
    assert "| ✓ right (you said so) | ✓ right |" in table
    assert "| ✓ right (2 of 3) | – |" in table


def test_an_answer_is_shown_with_all_it_rests_on() -> None:
    passage = {**PASSAGE, "id": "p", "document_id": "d", "start": 0, "end": 9}
    text = whole(answered("documents", passages=[passage], calls=[CALL]), column="documents")
    assert text.startswith("### 1. Question 1?")
    for part in (
        "**Wanted**: Answer 1. · Facts in your documents",
        "**■ Documents**: ✕ **wrong**: it lacks “14 days”",
        "> It is so.",
        "1\\. **returns.md**, page 2, scores 0.71",
        "**Look up orders** was asked",
        '"order": "1"',
        "and gave",
        "2.8 s, 39 tokens",
        "| Your documents | 1 passage read from Manuals, version 3 of the index |",
        f"`{'0' * 64}`",
        "[Link to this answer](/scores?s=c&q=1&w=documents#cell-box)",
    ):
        assert part in text


def test_a_judgement_that_was_changed_says_from_what_to_what_and_why() -> None:
    told = with_marks([answered(right=False)], {("base", 1): Mark("right", "a <b>fortnight</b>")})
    assert "✓ right**. You changed this from wrong to right: a &lt;b&gt;fortnight" in whole(*told)
    blind = with_marks([answered(right=True)], {("base", 1): Mark("right", blind=True)})
    assert "You said, too, that it is right, with the names hidden" in whole(*blind)


def test_each_of_several_answers_and_what_was_taken_over_are_shown() -> None:
    runs = [{**answered(right=right), "answer": f"Answer {right}"} for right in (True, False)]
    text = whole(answered(runs=runs, taken_from={"card": "old", "at": 40.0}))
    assert "1 of 2: ✓ **right**: its facts are there\n\n> Answer True" in text
    assert "2 of 2: ✕ **wrong**: it lacks “14 days”\n\n> Answer False" in text
    assert "taken over from the score from 1 minute ago" in text
    assert "](/scores?s=old)" in text


def test_an_answer_that_failed_has_nothing_that_made_it() -> None:
    text = whole(answered(state="failed", answer="", reason="The model gave an empty answer."))
    assert "✕ **No answer**: The model gave an empty answer." in text
    assert "What was really used" not in text
    assert "Word by word" not in text


def test_the_address_finds_its_answer_or_the_first_of_its_question() -> None:
    asked = questions([*both(1, True, False), line(2, "documents", True)])
    places = [(1, "documents"), (2, "base"), (1, ""), (9, "base")]
    found = [view.place(asked, NAMES, row, column) for row, column in places]
    told = [one and (one[0].row, one[1]) for one in found]
    assert told == [(1, "documents"), (2, "documents"), (1, "base"), None]


@pytest.mark.parametrize(
    ("given", "wanted", "shown"),
    [
        ("Within 30 days.", "Within 14 days.", "> Within <del>14</del> <ins>30</ins> days."),
        ("It is so.", "It is so.", "The same words in the same order."),
        ("<b>bold</b> *x*", "plain", "> <del>plain</del> <ins>&lt;b&gt;bold&lt;/b&gt; \\*x\\*</ins>"),
    ],
)
def test_words_that_differ_are_marked(given: str, wanted: str, shown: str) -> None:
    assert difference(given, wanted).splitlines()[0] == shown


def test_the_difference_is_told_in_a_sentence_too() -> None:
    told = difference("Within 30 days of delivery.", "Within 14 days.")
    assert told.endswith("(underlined): “30 days of delivery.”. Only in the wanted one (struck out): “14 days.”.")
    assert "Only in the answer" not in difference("Within 14", "Within 14 days.")
    assert "one two three four five six seven eight nine ten eleven twelve …" in difference(
        "one two three four five six seven eight nine ten eleven twelve thirteen", "x"
    )


def test_of_several_wanted_texts_the_closest_counts() -> None:
    assert closest("within two weeks", ["14 days", "in two weeks"]) == "in two weeks"
    assert closest("anything", []) == ""
