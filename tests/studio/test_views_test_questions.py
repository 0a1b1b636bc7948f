"""Test questions are shown with what will be checked, and the choice that a person makes is read as they made it."""

import gradio as gr
import pytest

from jobs.evaluation.editing import OWN, Added
from jobs.evaluation.questions import Question, question_of
from jobs.metrics.facts import Expected
from storage.question_sets import QuestionSet
from studio.fact_form import FactForm, fill, offer
from studio.views import test_questions as view
from studio.wording import test_questions as words

EXAM = QuestionSet("s", "My_exam", 3, "uploads/s.csv", 8, "0", sealed=False, created_at=1.0)


def question(number: int, **cells: str) -> Question:
    made = question_of(number, {"question": f"Question {number}?", **cells})
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("cells", "checked"),
    [
        ({"answer": "Within 30 days."}, "30"),
        ({"answer": "Within 30 days.", "needed": "30 days", "wrong": "40;50"}, "30 days<br>not: 40; 50"),
        ({"answer": "Yes."}, "No number, date or name is in this short answer, so an answer must be the same text."),
        ({"answer": "It is so because it was so before."}, "three fifths of its words must be there."),
        ({"answer": "", "kind": "unknown"}, words.SAY_SO),
        (
            {"answer": "Hello, 5 days.", "kind": "style", "style": "starts: Hello; at most 9 words"},
            f"{words.ONLY_STYLE}<br>style: starts Hello; at most 9 words",
        ),
    ],
)
def test_what_is_checked_is_said(cells: dict[str, str], checked: str) -> None:
    assert f"{checked} |" in view.listed([question(1, **cells)], 0)


def test_ten_at_a_time() -> None:
    many = [question(number, answer="No.") for number in range(1, 13)]
    assert view.listed(many, 1).startswith("**Questions 11 to 12 of 12**")
    assert [view.last_page(number) for number in (0, 10, 11)] == [0, 0, 1]
    assert view.question_choices(many)[11] == ("12. Question 12?", 12)


def test_of_sealed_questions_only_the_number_is_told() -> None:
    told = view.only_counts("Exam", [question(1, answer="No.", kind="facts"), question(2, answer="No.", kind="facts")])
    assert told.startswith("**Exam**: 2 questions (Facts in your documents: 2). They are sealed")
    assert "Question 1" not in told


def test_a_kept_question_leads_to_its_score() -> None:
    told = view.kept(Added(EXAM, replaced=True))
    assert told == (
        "Kept: My\\_exam is now version 3 with 8 questions. It takes the place of the one that asked the same. "
        "[Score them](/scores)"
    )


def test_sealed_sets_take_no_question_and_the_usual_one_is_offered_first() -> None:
    sealed = QuestionSet("t", "Sealed", 1, "t", 8, "0", sealed=True, created_at=2.0)
    assert view.set_choices([sealed, EXAM, EXAM]) == [OWN, "My_exam"]


def test_the_form_offers_facts_and_reads_the_choice() -> None:
    form = FactForm(gr.CheckboxGroup(), gr.Markdown(), gr.Textbox(), gr.Textbox())
    facts, hint = offer(Expected("When?", "Within 30 days."))
    assert ([value for _, value in facts.choices], facts.value, hint) == (["30", "30 days"], ["30"], "")
    assert fill(Expected("When?", "Within 30 days.", needed=("30 days",), wrong=("40", "50")))[-1] == "40; 50"
    values = {form.facts: ["30"], form.more: " Larkspur ; 30;\n", form.wrong: None}
    choice = form.choice(values)
    assert (choice.needed, choice.wrong) == (["30", "Larkspur"], [])
    assert not offer(Expected("When?", "Today."))[0].visible
