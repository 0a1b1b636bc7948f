"""The part of Home that says what got worse since an earlier score."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.evaluation.marking import marked
from jobs.evaluation.regressing import Regression
from jobs.evaluation.regressing import regressions as found_in
from storage.dismissed import dismiss, dismissed
from storage.errors import Damaged
from storage.records import Json, Scorecard
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.views import regressions as view
from studio.wording import regressions as words

LOOK_EVERY_S = 10.0
_LATELY = 20


@dataclass(frozen=True)
class Worse:
    """The parts. `seen` is what was looked at, `keys` what is shown and may be dismissed."""

    box: gr.Column
    told: gr.Markdown
    dismiss: gr.Button
    seen: gr.State
    keys: gr.State

    @property
    def shown(self) -> list[Any]:
        """What `draw` fills, in its order."""
        return [self.seen, self.keys, self.box, self.told]


def lay_out() -> Worse:
    """Put the parts on the page."""
    with gr.Column(visible=False, elem_id="home-worse") as box:
        gr.Markdown(f"## {words.TITLE}")
        told = gr.Markdown(elem_id="regressions", latex_delimiters=[])
        button = gr.Button(words.DISMISS, size="sm", elem_id="dismiss-worse", elem_classes="modest")
    return Worse(box, told, button, gr.State(""), gr.State(()))


def connect(bench: Bench, parts: Worse, page: gr.Blocks) -> None:
    """Keep the part true while the page is open."""

    def put_away(keys: tuple[str, ...]) -> list[Any]:
        dismiss(bench.workspace, keys)
        return draw(bench, "")

    page.load(lambda: draw(bench, ""), None, parts.shown, **QUIET)
    parts.dismiss.click(put_away, parts.keys, parts.shown, **QUIET)
    gr.Timer(LOOK_EVERY_S).tick(lambda seen: draw(bench, seen), parts.seen, parts.shown, **QUIET)


def draw(bench: Bench, seen: str) -> list[Any]:
    """Return the revision of what was looked at and the parts; answers are read only where it is not `seen`."""
    workspace = bench.workspace
    cards, put_away = workspace.scorecards.list()[:_LATELY], dismissed(workspace)
    revision = f"{[f'{card.id} {workspace.marks.revision(card.id)}' for card in cards]} {len(put_away)}"
    if revision == seen:
        return [gr.skip()] * 4
    told = [one for one in _found(bench, cards) if one.key not in put_away]
    text = view.regressions(told, workspace.datasets.list(), workspace.clock())
    return [revision, tuple(one.key for one in told), gr.update(visible=bool(told)), text]


def _found(bench: Bench, cards: list[Scorecard]) -> list[Regression]:
    def answers(card: Scorecard) -> list[Json]:
        try:
            return marked(bench.workspace, card)[1]
        except Damaged:
            return []

    return found_in(cards, answers)
