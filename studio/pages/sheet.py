"""What stands on the Compare page: the question, five columns, the vote, and below what the columns may use."""

from dataclasses import dataclass

import gradio as gr

from jobs.answering.ways import WAYS
from storage.records import Column
from studio.forms import QuestionForm
from studio.pages import (
    approving,
    columns,
    differing,
    evidence,
    listing,
    picking,
    placing,
    test_questions,
    using,
    voting,
)
from studio.uses_form import freedom_choice, label_switch, wording_choice
from studio.views.places import PLACES, named
from studio.wording import blind as blind_words
from studio.wording import compare
from studio.wording import picking as picking_words
from studio.wording import use as using_words
from studio.wording.ways import way_words

IDS = tuple(way.id for way in WAYS)


@dataclass(frozen=True)
class Top:
    """The question and what is said about it."""

    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    notice: gr.Markdown
    coming: gr.Markdown
    starters: gr.Row
    questions: tuple[gr.Button, ...]
    shown: gr.CheckboxGroup
    link: gr.Markdown
    follow_up: gr.Checkbox
    before: gr.Markdown
    blind: gr.Checkbox
    complete: gr.Button


@dataclass(frozen=True)
class Sheet:
    """All parts of the page.

    `comparison` holds the id of what is shown, `turned` when its names were last made known or columns asked again;
    `texts` the questions to begin with.
    """

    comparison: gr.State
    turned: gr.State
    texts: gr.State
    top: Top
    places: placing.Places
    voting: voting.Voting
    differing: differing.Differing
    test: test_questions.TestQuestion
    using: using.Using
    form: QuestionForm
    uses: gr.Accordion
    model: gr.Markdown
    picking: picking.Picking
    files: gr.Markdown
    earlier: listing.Earlier
    drawer: evidence.Drawer

    @property
    def slots(self) -> tuple[columns.Slot, ...]:
        """The columns' parts, place by place."""
        return self.places.slots


def lay_out() -> Sheet:
    """Put the parts on the page."""
    gr.Markdown(f"# Compare\n\n{compare.INTRO}", elem_classes="page-head")
    comparison, texts = gr.State(""), gr.State([])
    top = _top()
    cards = approving.cards(PLACES)
    with gr.Row(elem_id="ways", elem_classes="ways"):
        slots = tuple(
            columns.slot(place, card, visible=place in IDS) for place, card in zip(PLACES, cards, strict=True)
        )
    usual = [named(Column(way, way), {}) for way in IDS]
    at = placing.places(slots, top.shown, usual)
    voted = voting.lay_out({name.look: name.title for name in usual}, comparison)
    differs, test, used = differing.lay_out(), test_questions.lay_out(), using.lay_out()
    files = gr.Markdown(elem_id="comparison-files", elem_classes="quiet notice")
    form, uses, model = _form(top, comparison)
    picks = picking.lay_out()
    earlier = listing.lay_out()
    states = comparison, gr.State(0.0), texts
    return Sheet(
        *states, top, at, voted, differs, test, used, form, uses, model, picks, files, earlier, evidence.drawer()
    )


def _top() -> Top:
    with gr.Row(elem_classes="ask-row", equal_height=True):
        question = gr.Textbox(
            label=compare.QUESTION, placeholder=compare.PLACEHOLDER, lines=1, max_lines=6, scale=6, elem_id="question"
        )
        ask = gr.Button(
            picking_words.ask(len(IDS)), variant="primary", interactive=False, scale=1, min_width=130, elem_id="ask"
        )
        stop = gr.Button(compare.STOP, scale=0, min_width=100, elem_id="stop")
    follow_up = gr.Checkbox(
        label=using_words.FOLLOW_UP, value=False, visible=False, container=False, elem_id="follow-up"
    )
    notice = gr.Markdown(elem_id="notice", elem_classes="notice")
    before = gr.Markdown(elem_id="asked-before", elem_classes="quiet notice", latex_delimiters=[])
    coming = gr.Markdown(elem_id="coming", elem_classes="notice")
    complete = gr.Button(compare.COMPLETE, visible=False, elem_id="complete", elem_classes="modest")
    with gr.Row(visible=False, elem_classes="starters", elem_id="starters") as starters:
        gr.Markdown(compare.EXAMPLES, elem_classes="quiet")
        questions = tuple(gr.Button("", size="sm", elem_id=f"starter-{number}", visible=False) for number in (1, 2, 3))
    with gr.Row(elem_classes="shown-row"):
        choices = [(way_words(way).title, way) for way in IDS]
        shown = gr.CheckboxGroup(
            choices, value=list(IDS), label=compare.SHOWN, elem_id="shown", container=False, scale=3, min_width=320
        )
        blind = gr.Checkbox(
            label=blind_words.HIDE, value=False, container=False, elem_id="blind", scale=0, min_width=210
        )
        link = gr.Markdown(elem_id="comparison-link")
    return Top(
        question, ask, stop, notice, coming, starters, questions, shown, link, follow_up, before, blind, complete
    )


def _form(top: Top, comparison: gr.State) -> tuple[QuestionForm, gr.Accordion, gr.Markdown]:
    with gr.Accordion(compare.USES, open=False, elem_id="uses") as uses:
        with gr.Row():
            adapter = gr.Dropdown([], label=compare.ADAPTER, info=compare.ADAPTER_HELP, elem_id="adapter")
            collection = gr.Dropdown([], label=compare.COLLECTION, info=compare.COLLECTION_HELP, elem_id="collection")
        labels, wording, freedom = label_switch("labels"), wording_choice("wording"), freedom_choice("freedom")
        gr.Markdown(compare.TOOLS_HELP)
        model = gr.Markdown(elem_id="model-in-use", latex_delimiters=[])
    form = QuestionForm(top.question, adapter, collection, labels, wording, freedom, top.follow_up, comparison)
    return form, uses, model
