"""The question of a comparison that becomes a test question, below the vote."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.evaluation.editing import OWN, add_question
from jobs.metrics.facts import Expected
from storage.errors import NotFound
from studio import fact_form
from studio.bench import Bench
from studio.fact_form import FactForm
from studio.forms import Values
from studio.pages.events import LATEST, QUIET
from studio.pages.telling import telling
from studio.pages.voting import chosen_answer
from studio.views import notices
from studio.views import test_questions as view
from studio.wording import test_questions as words


@dataclass(frozen=True)
class TestQuestion:
    """The parts. `box` stands there once a question was asked."""

    box: gr.Accordion
    goes_on: gr.Markdown
    question: gr.Textbox
    answer: gr.Textbox
    kind: gr.Dropdown
    facts: FactForm
    chosen: gr.Dropdown
    keep: gr.Button
    notice: gr.Markdown
    kept: gr.Markdown

    @property
    def offered(self) -> list[Any]:
        """What `_offered` fills, in its order."""
        return [self.box, self.goes_on, self.question, self.answer, self.chosen, self.kept]

    @property
    def expected(self) -> list[Any]:
        """What decides which facts can be ticked."""
        return [self.question, self.answer, self.kind]

    def cells(self, values: Values) -> dict[str, str]:
        """Return the question as a row of test questions."""
        written = {"question": self.question, "answer": self.answer, "kind": self.kind}
        return {name: str(values[field] or "") for name, field in written.items()} | self.facts.choice(values).cells()


def lay_out() -> TestQuestion:
    """Put the parts on the page."""
    with gr.Accordion(words.OFFER, open=False, visible=False, elem_id="keep-test") as box:
        gr.Markdown(words.HELP, elem_classes="quiet")
        goes_on = gr.Markdown(words.GOES_ON, visible=False, elem_id="test-goes-on", elem_classes="quiet")
        question = gr.Textbox(label=words.QUESTION, lines=1, max_lines=6, elem_id="test-question")
        answer = gr.Textbox(
            label=words.ANSWER, info=words.ANSWER_HELP, lines=3, max_lines=14, elem_id="test-answer"
        )  # fmt: skip
        kind = gr.Dropdown(
            view.kind_choices(), value="", label=words.KIND, interactive=True, elem_id="test-kind"
        )  # fmt: skip
        facts = fact_form.lay_out("test")
        chosen = gr.Dropdown(
            [OWN], value=OWN, label=words.SET, info=words.SET_HELP, allow_custom_value=True, interactive=True,
            elem_id="test-set",
        )  # fmt: skip
        keep = gr.Button(words.KEEP, variant="primary", elem_id="test-keep", elem_classes="main-button")
        notice = gr.Markdown(elem_id="test-notice", elem_classes="notice")
    kept = gr.Markdown(elem_id="test-kept", elem_classes="notice", latex_delimiters=[])
    return TestQuestion(box, goes_on, question, answer, kind, facts, chosen, keep, notice, kept)


def connect(bench: Bench, parts: TestQuestion, comparison: gr.State, vote: Any) -> None:
    """Offer the question of each comparison; after each `vote` (its event) with the answer that was voted for."""

    def show(comparison_id: str) -> list[Any]:
        return _offered(bench, comparison_id)

    def propose(question: str, answer: str, kind: str) -> list[Any]:
        return fact_form.offer(Expected(question or "", (answer or "").strip(), kind=kind or ""))

    @telling(2)
    def keep(values: Values) -> list[Any]:
        added = add_question(bench.workspace, str(values[parts.chosen] or ""), parts.cells(values))
        return [notices.done(view.kept(added)), gr.Accordion(open=False)]

    comparison.change(show, comparison, parts.offered, **QUIET)
    vote.success(lambda comparison_id: _answer(bench, comparison_id), comparison, parts.answer, **QUIET)
    for field in parts.expected:
        field.change(propose, parts.expected, parts.facts.offered, **LATEST)
    inputs = {*parts.expected, *parts.facts.inputs, parts.chosen}
    parts.keep.click(keep, inputs, [parts.notice, parts.kept, parts.box], show_progress="minimal")


def _offered(bench: Bench, comparison_id: str) -> list[Any]:
    """Return the box with the question that is shown; without it where there is none."""
    try:
        comparison = bench.workspace.comparisons.get(comparison_id)
    except NotFound:
        return [gr.Accordion(visible=False), *[gr.skip()] * 4, ""]
    sets = gr.Dropdown(view.set_choices(bench.workspace.question_sets.list()))
    goes_on = gr.update(visible=comparison.previous_id is not None)
    answer = _answer(bench, comparison_id)
    return [gr.Accordion(visible=True, open=False), goes_on, comparison.question, answer, sets, ""]


def _answer(bench: Bench, comparison_id: str) -> str:
    found = chosen_answer(bench, comparison_id)
    return found[1] if found else ""
