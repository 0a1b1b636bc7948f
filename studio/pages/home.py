"""Home: what the ways are and which fits, where you are and what is next, what this computer can do, your data."""

from dataclasses import dataclass
from typing import Any

import gradio as gr
from huggingface_hub import constants

from jobs.tools.registry import DATABASE, MCP, SERVICE, Registry
from studio.bench import Bench
from studio.pages import computer, connection, deleting, regressions, sample
from studio.pages.events import QUIET
from studio.views import guide
from studio.views import home as view
from studio.views.privacy import privacy
from studio.wording import guide as guiding
from studio.wording import home as words

LOOK_EVERY_S = 5.0
_MOST_JOBS = 30


@dataclass(frozen=True)
class Sheet:
    """What changes on the page while it is open."""

    beginning: sample.Beginning
    cards: list[gr.Markdown]
    guide: gr.Markdown
    steps: gr.Markdown
    runs: gr.Markdown
    runs_box: gr.Column
    worse: regressions.Worse

    @property
    def outputs(self) -> list[Any]:
        """What `_draw` fills, in its order."""
        return [*self.beginning.outputs, self.steps, self.runs, self.runs_box, *self.cards, self.guide]


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and keep it true while it is open."""
    sheet = _lay_out()
    computer.build(bench, page)
    connection.build(bench)
    hub = "" if constants.HF_HUB_OFFLINE else constants.ENDPOINT
    gr.Markdown(lambda: _leaves(bench, hub), elem_id="privacy", elem_classes="quiet")
    deleting.build(bench, page)
    sample.connect(bench, sheet.beginning)
    regressions.connect(bench, sheet.worse, page)

    def draw() -> list[Any]:
        return _draw(bench)

    page.load(draw, None, sheet.outputs, **QUIET)
    gr.Timer(LOOK_EVERY_S).tick(draw, None, sheet.outputs, **QUIET)


def _leaves(bench: Bench, hub: str) -> str:
    tools = bench.workspace.tools.list()
    hosts = [record.config["source"].get("host", "") for record in tools if record.kind == DATABASE]
    services = [record.config.get("host", "") for record in tools if record.kind in {SERVICE, MCP}]
    services += [record.config["command"][0] for record in tools if record.config.get("command")]
    return privacy(bench.workspace.settings, hub, hosts, bench.workspace.fetched.addresses(), services)


def _lay_out() -> Sheet:
    gr.Markdown(f"# {words.TITLE}\n\n{words.INTRO}", elem_classes="page-head")
    beginning = sample.lay_out()
    worse = regressions.lay_out()
    with gr.Column(visible=False, elem_id="home-runs") as box:
        gr.Markdown(f"## {words.RUNS}")
        runs = gr.Markdown(latex_delimiters=[])
    gr.Markdown(f"## {guiding.HEADING}")
    with gr.Row(elem_classes="cards", elem_id="ways-explained"):
        cards = [gr.Markdown(elem_classes=["card", "explained", f"way-{one.way}"]) for one in guiding.CARDS]
    gr.Markdown(f"## {guiding.GUIDE}")
    hints = gr.Markdown(elem_id="guide", elem_classes="scrolled", latex_delimiters=[])
    gr.Markdown(f"## {words.STEPS}")
    steps = gr.Markdown(elem_id="steps", elem_classes="scrolled", latex_delimiters=[])
    return Sheet(beginning, cards, hints, steps, runs, box, worse)


def _draw(bench: Bench) -> list[Any]:
    facts = _facts(bench)
    journey = view.steps(facts, bench.workspace.clock())
    worth = view.runs_worth_a_look(facts)
    cards = bench.workspace.scorecards.list()
    return [
        *sample.draw(bench, view.is_empty(facts), view.next_step(facts, journey)),
        view.table(journey),
        worth,
        gr.update(visible=bool(worth)),
        *(guide.card(shown, cards) for shown in guiding.CARDS),
        guide.guide(cards),
    ]


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
