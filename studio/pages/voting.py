"""The vote below a comparison, and the chosen answer that becomes an example."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.answering.grounding import without_marks
from jobs.answering.voting import vote as keep_vote
from jobs.intake.growing import Grown, add_example, origin
from jobs.retrieval.rows import keep_in_step
from storage.errors import NotFound, TooLarge
from storage.records import AnswerState
from studio.bench import Bench
from studio.forms import Values
from studio.keep_form import KeepForm
from studio.pages.events import AT_ONCE, QUIET
from studio.pages.telling import telling
from studio.views import compare as choices
from studio.views import notices
from studio.views import voting as view
from studio.wording import answers, compare
from studio.wording import voting as words


@dataclass(frozen=True)
class Voting:
    """The parts. `box` stands there once a column with an answer was voted for."""

    form: KeepForm
    voted: gr.Markdown
    box: gr.Accordion
    empty: gr.Markdown
    keep: gr.Button
    notice: gr.Markdown
    kept: gr.Markdown

    @property
    def opened(self) -> list[Any]:
        """What a comparison fills that is asked or opened: the vote, and what is said about it."""
        return [self.form.vote, self.voted]

    @property
    def offered(self) -> list[Any]:
        """What `_offered` fills, in its order."""
        return [self.box, self.form.question, self.form.answer, self.form.dataset, self.empty, self.keep, self.kept]


def lay_out(titles: Mapping[str, str], comparison: gr.State) -> Voting:
    """Put the parts on the page; `titles` are those of the usual columns, `comparison` holds what is shown."""
    vote = gr.Radio(
        choices.vote_choices(titles), label=answers.VOTE_QUESTION, interactive=True, elem_id="vote", visible=False
    )
    voted = gr.Markdown(elem_id="voted", elem_classes="quiet notice")
    with gr.Accordion(words.OFFER, open=False, visible=False, elem_id="keep-answer") as box:
        gr.Markdown(words.HELP, elem_classes="quiet")
        question = gr.Textbox(label=words.QUESTION, lines=1, max_lines=6, elem_id="keep-question")
        answer = gr.Textbox(label=words.ANSWER, lines=3, max_lines=14, elem_id="keep-text")
        empty = gr.Markdown(words.NO_SETS, visible=False, elem_id="keep-nowhere")
        dataset = gr.Dropdown([], label=words.SET, info=words.SET_HELP, interactive=True, elem_id="keep-set")
        keep = gr.Button(words.KEEP, variant="primary", elem_id="keep-example", elem_classes="main-button")
        notice = gr.Markdown(elem_id="keep-notice", elem_classes="notice")
    kept = gr.Markdown(elem_id="kept-example", elem_classes="notice", latex_delimiters=[])
    form = KeepForm(question, answer, dataset, comparison, vote)
    return Voting(form, voted, box, empty, keep, notice, kept)


def connect(bench: Bench, parts: Voting, page_notice: gr.Markdown) -> Any:
    """Let a vote be kept and offer the answer; a new comparison begins anew, one that comes back brings its vote.

    Returns the event of the vote.
    """
    form = parts.form

    @telling(2 + len(parts.offered), failed=[words.NOT_KEPT, gr.update(value=None), *[gr.skip()] * len(parts.offered)])
    def vote(comparison_id: str, column_id: str) -> list[Any]:
        keep_vote(bench.workspace.comparisons, comparison_id, column_id)
        return [compare.VOTED, gr.skip(), *_offered(bench, comparison_id)]

    def show(comparison_id: str) -> list[Any]:
        return _offered(bench, comparison_id)

    @telling(2)
    def keep(values: Values) -> list[Any]:
        question, answer = form.example(values)
        source = origin(*form.origin(values))
        grown = add_example(bench.workspace, form.name(values), question, answer, source)
        return [notices.done(_told(bench, grown)), gr.Accordion(open=False)]

    voted = [page_notice, parts.voted, form.vote, *parts.offered]
    cast = form.vote.input(vote, [form.comparison, form.vote], voted, **AT_ONCE)
    form.comparison.change(show, form.comparison, parts.offered, **QUIET)
    parts.keep.click(keep, form.inputs, [parts.notice, parts.kept, parts.box], show_progress="minimal")
    return cast


def _told(bench: Bench, grown: Grown) -> str:
    try:
        reading = keep_in_step(bench.workspace, bench.queue, grown.before, grown.dataset)
    except TooLarge as error:
        return f"{view.kept(grown, read_again=False)}\n\n{notices.failed(error)}"
    return view.kept(grown, read_again=reading is not None)


def _offered(bench: Bench, comparison_id: str) -> list[Any]:
    """Return the box with the answer that was voted for; without it where there is none."""
    found = chosen_answer(bench, comparison_id)
    if found is None:
        return [gr.Accordion(visible=False), *[gr.skip()] * 5, ""]
    question, answer = found
    sets = view.set_choices(bench.workspace.datasets.list())
    dataset = gr.Dropdown(sets, value=sets[0][1] if sets else None, visible=bool(sets))
    shown = [gr.Accordion(visible=True, open=False), question, answer, dataset]
    return [*shown, gr.update(visible=not sets), gr.update(visible=bool(sets)), ""]


def chosen_answer(bench: Bench, comparison_id: str) -> tuple[str, str] | None:
    """Return the question and the answer that was voted for; None where there is no such answer."""
    try:
        comparison = bench.workspace.comparisons.get(comparison_id)
    except NotFound:
        return None
    voted = bench.workspace.comparisons.voted(comparison_id)
    if voted not in {column.id for column in comparison.columns}:
        return None
    answer = bench.comparing.read(comparison_id, str(voted))
    text = without_marks(answer.text).strip()
    return (comparison.question, text) if answer.state is AnswerState.FINISHED and text else None
