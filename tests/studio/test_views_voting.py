from dataclasses import replace

import gradio as gr
import pytest

from jobs.intake.growing import Grown, origin
from storage.errors import UserFault
from storage.records import Dataset
from studio.keep_form import KeepForm
from studio.views import examples
from studio.views import voting as view

FIRST = Dataset("d1", "My_faq", 2, 204, 203, 40, {"question": "q", "answer": "a"}, (), "faq.csv", 0.0)
MADE = replace(FIRST, id="d2", version=3, used=204, source=origin("c9", "tuned"))


def test_each_set_is_offered_once_in_its_latest_version() -> None:
    other = replace(FIRST, id="o", name="Other", version=1)
    assert view.set_choices([other, MADE, FIRST]) == [
        ("Other, version 1 (203 examples)", "Other"),
        ("My_faq, version 3 (204 examples)", "My_faq"),
    ]
    assert view.set_choices([]) == []


def test_what_became_of_the_example_is_said_with_the_next_step() -> None:
    told = view.kept(Grown(MADE, FIRST, "learn", 0), read_again=False)
    assert told == "Kept: My\\_faq is now version 3 with 204 examples. [Train on it](/train?dataset=d2)"


def test_the_exam_a_replacement_and_rows_that_are_looked_up_are_said_plainly() -> None:
    exam = view.kept(Grown(MADE, FIRST, "exam", 0), read_again=True)
    assert "held back for the exam, so training will not see it." in exam
    assert "are being read again." in exam
    assert "takes the place of the answer that stood there" in view.kept(Grown(MADE, FIRST, "watch", 1), False)
    assert "takes the place of the 2 answers that stood there" in view.kept(Grown(MADE, FIRST, "watch", 2), False)


def test_the_versions_say_which_answer_one_came_from() -> None:
    table = examples.versions([MADE, FIRST], 0.0, {})
    assert "| [an answer of Tuned](/compare?c=c9) |" in table
    assert "| faq.csv |" in table


def test_the_form_gives_what_was_written_and_where_it_is_from() -> None:
    form = KeepForm(gr.Textbox(), gr.Textbox(), gr.Dropdown(), gr.State(), gr.Radio())
    values = {form.question: "Why?", form.answer: None, form.dataset: "FAQ", form.comparison: "c9", form.vote: "tuned"}
    assert form.inputs == set(values)
    assert form.example(values) == ("Why?", "")
    assert (form.name(values), form.origin(values)) == ("FAQ", ("c9", "tuned"))
    with pytest.raises(UserFault, match="No examples were chosen yet"):
        form.name({**values, form.dataset: None})
