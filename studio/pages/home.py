"""Home: where you are and what is next."""

from typing import Any

import gradio as gr

from jobs.tools.registry import Registry
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.views import home as view
from studio.wording import home as words

LOOK_EVERY_S = 5.0
_MOST_JOBS = 30


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and keep it true while it is open."""
    gr.Markdown(f"# {words.TITLE}\n\n{words.INTRO}", elem_classes="page-head")
    button = gr.Button("", variant="primary", visible=False, elem_id="next", elem_classes="main-button")
    with gr.Row(elem_classes="cards"):
        for title, text in words.CARDS:
            gr.Markdown(f"## {title}\n\n{text}", elem_classes="card")
    gr.Markdown(f"## {words.STEPS}")
    steps = gr.Markdown(elem_id="steps", elem_classes="scrolled", latex_delimiters=[])
    with gr.Column(visible=False, elem_id="home-runs") as box:
        gr.Markdown(f"## {words.RUNS}")
        runs = gr.Markdown(latex_delimiters=[])
    gr.Markdown(words.PRIVATE, elem_classes="quiet")

    def draw() -> list[Any]:
        facts = _facts(bench)
        journey = view.steps(facts, bench.workspace.clock())
        label, address = view.next_step(facts, journey)
        worth = view.runs_worth_a_look(facts)
        next_button = gr.Button(label, link=address, visible=True)
        return [next_button, view.table(journey), worth, gr.update(visible=bool(worth))]

    outputs = [button, steps, runs, box]
    page.load(draw, None, outputs, **QUIET)
    gr.Timer(LOOK_EVERY_S).tick(draw, None, outputs, **QUIET)


def _facts(bench: Bench) -> view.Facts:
    workspace = bench.workspace
    documents = [one for kept in workspace.collections.list() for one in workspace.collections.documents(kept.name)]
    return view.Facts(
        datasets=workspace.datasets.list(),
        adapters=workspace.adapters.list(),
        documents=documents,
        tools=[tool.title for tool in Registry(workspace).tools()],
        comparisons=workspace.comparisons.list(1),
        cards=workspace.scorecards.list()[:1],
        jobs=bench.queue.list(limit=_MOST_JOBS),
    )
