"""The part of Scores that tells more measures than right and wrong."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from studio.bench import Bench
from studio.pages.events import QUIET
from studio.pages.score_drawing import card_of
from studio.views import measures as view
from studio.wording import measures as words


@dataclass(frozen=True)
class Measures:
    """The parts."""

    box: gr.Accordion
    told: gr.Markdown


def lay_out() -> Measures:
    """Put the parts on the page."""
    with gr.Accordion(words.TITLE, open=False, visible=False, elem_id="more-measures") as box:
        told = gr.Markdown(elem_id="measures", elem_classes="scrolled", latex_delimiters=[])
    return Measures(box, told)


def connect(bench: Bench, parts: Measures, card: gr.State) -> None:
    """Let the scorecard shown be told in more measures."""

    def begin(card_id: str) -> list[Any]:
        found = card_of(bench, card_id)
        return [gr.update(visible=found is not None), view.measures(found) if found else ""]

    card.change(begin, card, [parts.box, parts.told], **QUIET)
