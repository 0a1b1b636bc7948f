"""What this computer can do, a part of Home: the model in use, and stronger ones to fetch."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.models.overview import overview
from jobs.models.own import known_model
from jobs.requests import Prepare
from storage.errors import UserFault
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.pages.telling import telling
from studio.views import machine as view
from studio.views import markdown, notices
from studio.wording import machine as words
from studio.wording import models


@dataclass(frozen=True)
class Sheet:
    """All parts; `key` is new for each wish, so that one pressed twice counts once."""

    computer: gr.Markdown
    stronger: gr.Markdown
    which: gr.Dropdown
    fetch: gr.Button
    key: gr.State
    notice: gr.Markdown
    done: gr.Markdown


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay the part out and connect it to the queue."""
    sheet = _lay_out()

    def look() -> list[Any]:
        seen = overview(bench.workspace)
        offered = view.to_fetch(seen)
        shown = gr.update(visible=bool(offered))
        which = gr.Dropdown(offered, value=None, visible=bool(offered))
        return [view.this_computer(seen), view.stronger(seen), which, shown, str(uuid4())]

    @telling(3, failed=[gr.skip(), gr.skip(), ""])
    def fetch(model_id: str | None, key: str) -> list[Any]:
        if not model_id:
            raise UserFault(words.NO_MODEL, words.CHOOSE_ONE)
        bench.queue.enqueue(Prepare(model=model_id), key)
        title = known_model(bench.workspace.settings.models, model_id).title
        said = words.fetching(markdown.plain(title), f"[{models.TITLE}]({models.ADDRESS})")
        return [None, str(uuid4()), notices.done(said)]

    drawn = [sheet.computer, sheet.stronger, sheet.which, sheet.fetch, sheet.key]
    page.load(look, None, drawn, **QUIET)
    sheet.fetch.click(fetch, [sheet.which, sheet.key], [sheet.notice, sheet.which, sheet.key, sheet.done], **QUIET)


def _lay_out() -> Sheet:
    gr.Markdown(f"## {words.TITLE}")
    computer = gr.Markdown(elem_id="computer", latex_delimiters=[])
    with gr.Accordion(words.STRONGER, open=False, elem_id="stronger"):
        stronger = gr.Markdown(elem_classes="scrolled", latex_delimiters=[])
        which = gr.Dropdown([], label=words.WHICH, interactive=True, visible=False, elem_id="fetch-which")
        fetch = gr.Button(words.FETCH, size="sm", visible=False, elem_id="fetch", elem_classes="modest")
        notice = gr.Markdown(elem_id="fetch-notice", elem_classes="notice")
        done = gr.Markdown(elem_id="fetch-done", elem_classes="notice", latex_delimiters=[])
    return Sheet(computer, stronger, which, fetch, gr.State(""), notice, done)
