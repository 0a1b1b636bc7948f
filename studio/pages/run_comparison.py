"""A part of Train: the chosen run beside another finished one."""

from typing import Any

import gradio as gr

from studio.bench import Bench
from studio.pages.events import AT_ONCE, QUIET
from studio.pages.telling import telling
from studio.views import run_comparison as view
from studio.views.run_comparison import Compared
from studio.views.runs import names
from studio.wording import run_comparison as words

_MOST_RUNS = 50


def build(bench: Bench, chosen: gr.Radio) -> None:
    """Lay the part out; `chosen` holds the id of the run that is shown."""
    with gr.Accordion(words.COMPARE, open=False, visible=False, elem_id="run-compare") as box:
        other = gr.Dropdown([], label=words.WITH, interactive=True, elem_id="run-other")
        notice = gr.Markdown(elem_id="run-compare-notice", elem_classes="notice")
        shown = gr.Markdown(elem_id="run-compared", elem_classes="scrolled", latex_delimiters=[])

    def offer(this: str | None) -> list[Any]:
        jobs, called = bench.queue.list("train", _MOST_RUNS), names(bench.workspace.datasets.list())
        choices = view.others(jobs, this, called)
        return [gr.update(visible=bool(choices)), gr.Dropdown(choices, value=None), ""]

    @telling(1)
    def compare(this: str | None, with_it: str | None) -> list[Any] | None:
        if not this or not with_it:
            return None
        pair = [Compared(bench.queue.get(one), bench.workspace.runs.records(one)) for one in (this, with_it)]
        called, cards = names(bench.workspace.datasets.list()), bench.workspace.scorecards.list()
        return [view.comparison(pair[0], pair[1], called, cards)]

    chosen.change(offer, chosen, [box, other, shown], **QUIET)
    other.input(compare, [chosen, other], [notice, shown], **AT_ONCE)
