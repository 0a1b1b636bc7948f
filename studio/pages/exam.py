"""The part of Scores that lists the test questions which a training had seen."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.evaluation.marking import marked
from storage.errors import Damaged
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.pages.score_drawing import card_of
from studio.views import exam as view
from studio.views import scores
from studio.wording import exam as words


@dataclass(frozen=True)
class Exam:
    """The parts; `box` stands there only where a training had seen a question."""

    box: gr.Accordion
    listed: gr.Markdown


def lay_out() -> Exam:
    """Put the parts on the page."""
    with gr.Accordion(words.LISTED, open=False, visible=False, elem_id=view.ANCHOR) as box:
        listed = gr.Markdown(elem_id="seen-questions", elem_classes="scrolled", latex_delimiters=[])
    return Exam(box, listed)


def connect(bench: Bench, parts: Exam, card: gr.State) -> None:
    """Let the scorecard shown list them."""

    def begin(card_id: str) -> list[Any]:
        listed = _listed(bench, card_id)
        return [gr.update(visible=bool(listed)), listed]

    card.change(begin, card, [parts.box, parts.listed], **QUIET)


def _listed(bench: Bench, card_id: str) -> str:
    card = card_of(bench, card_id)
    try:
        return view.seen_questions(card, marked(bench.workspace, card)[1], scores.plain_names(card)) if card else ""
    except Damaged:  # the part above says that the answers are gone
        return ""
