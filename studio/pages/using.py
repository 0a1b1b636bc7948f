"""Below the vote on Compare: the way whose answer was chosen is put to use, under a name of its own."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from storage.errors import NotFound, UserFault
from storage.records import Column
from studio.bench import Bench
from studio.endpoint.naming import WAY_IDS
from studio.pages.columns import column_of
from studio.pages.events import AT_ONCE, QUIET
from studio.pages.telling import telling
from studio.views import markdown, notices
from studio.wording import use as words


@dataclass(frozen=True)
class Using:
    """The parts; the box stands there once a column was voted for."""

    box: gr.Accordion
    title: gr.Textbox
    put: gr.Button
    notice: gr.Markdown
    done: gr.Markdown


def lay_out() -> Using:
    """Put the parts on the page."""
    with gr.Accordion(words.PUT, open=False, visible=False, elem_id="put-to-use") as box:
        gr.Markdown(words.PUT_HELP, elem_classes="quiet")
        title = gr.Textbox(label=words.TITLE, max_lines=1, elem_id="use-title")
        put = gr.Button(words.PUT, variant="primary", elem_id="use-put", elem_classes="main-button")
        notice = gr.Markdown(elem_id="use-notice", elem_classes="notice")
    done = gr.Markdown(elem_id="use-done", elem_classes="notice", latex_delimiters=[])
    return Using(box, title, put, notice, done)


def connect(bench: Bench, parts: Using, comparison: gr.State, vote: gr.Radio) -> None:
    """Offer the way that was voted for, and put it to use."""

    def offered(comparison_id: str, voted: str | None) -> list[Any]:
        column = _voted(bench, comparison_id, voted)
        if column is None:
            return [gr.Accordion(visible=False), gr.skip(), ""]
        return [gr.Accordion(visible=True), words.offered_title(column.way), ""]

    @telling(2)
    def put(comparison_id: str, voted: str | None, title: str) -> list[Any]:
        column = _voted(bench, comparison_id, voted)
        if column is None:
            raise NotFound("This answer is not here any more.")
        if not title.strip():
            raise UserFault(words.NO_TITLE, words.GIVE_TITLE)
        use = bench.workspace.uses.put(title, column, WAY_IDS)
        told = words.put_to_use(markdown.plain(use.title), use.name)
        return [notices.done(told), gr.Accordion(open=False)]

    shown = [parts.box, parts.title, parts.done]
    vote.change(offered, [comparison, vote], shown, **AT_ONCE)
    parts.put.click(put, [comparison, vote, parts.title], [parts.notice, parts.done, parts.box], **QUIET)


def _voted(bench: Bench, comparison_id: str, voted: str | None) -> Column | None:
    if not comparison_id or not voted:
        return None
    try:
        return column_of(bench.workspace.comparisons.get(comparison_id), voted)
    except NotFound:
        return None
