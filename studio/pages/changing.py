"""The part of Scores that sets the score shown against an earlier one of the same questions."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.evaluation.changing import changed
from jobs.evaluation.marking import marked
from storage.errors import Damaged
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.pages.score_drawing import card_of
from studio.views import changing as view
from studio.views import markdown, scores
from studio.wording import changing as words


@dataclass(frozen=True)
class Changing:
    """The parts."""

    box: gr.Accordion
    choice: gr.Dropdown
    told: gr.Markdown


def lay_out() -> Changing:
    """Put the parts on the page."""
    with gr.Accordion(words.TITLE, open=False, visible=False, elem_id="against-earlier") as box:
        choice = gr.Dropdown([], label=words.CHOOSE, interactive=True, elem_id="earlier-choice")
        told = gr.Markdown(elem_id="changes", elem_classes="scrolled", latex_delimiters=[])
    return Changing(box, choice, told)


def connect(bench: Bench, parts: Changing, card: gr.State) -> None:
    """Let the scorecard shown offer the earlier ones, and the one chosen be set against it."""

    def begin(card_id: str) -> list[Any]:
        found = card_of(bench, card_id)
        if found is None:
            return [gr.update(visible=False), gr.skip(), ""]
        choices = view.earlier_choices(found, bench.workspace.scorecards.list(), bench.workspace.clock())
        chosen = choices[0][1] if choices else None
        offered = gr.Dropdown(choices, value=chosen, visible=bool(choices))
        return [gr.update(visible=True), offered, _told(bench, card_id, chosen)]

    card.change(begin, card, [parts.box, parts.choice, parts.told], **QUIET)
    parts.choice.input(lambda card_id, other: _told(bench, card_id, other), [card, parts.choice], parts.told, **QUIET)


def _told(bench: Bench, card_id: str, other_id: str | None) -> str:
    card, other = card_of(bench, card_id), card_of(bench, other_id or "")
    if card is None or other is None:
        return words.NONE_EARLIER
    try:
        (_, now), (_, then) = marked(bench.workspace, card), marked(bench.workspace, other)
    except Damaged as error:
        return markdown.plain(str(error))
    told = view.changes(changed(then, now), scores.plain_names(card))
    return "\n\n".join(filter(None, [view.versions(card, other), told]))
