"""Which score a passage needs to be read: shown, set from the drafted questions, and set back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.retrieval.calibrating import calibrate
from jobs.retrieval.search import THRESHOLD
from storage.thresholds import keep_threshold
from studio.bench import Bench
from studio.pages.telling import telling
from studio.wording import documents as words


@dataclass(frozen=True)
class Told:
    """What is told after a change, and how the list is drawn anew: `revise` gives the new state of a collection."""

    notice: gr.Markdown
    said: gr.Markdown
    drawn: gr.State
    revise: Callable[[str], Any]

    @property
    def outputs(self) -> list[Any]:
        """What both buttons change."""
        return [self.notice, self.said, self.drawn]


def lay_out(bench: Bench, collection: str, told: Told) -> None:
    """Lay out what the threshold is, and the buttons that change it."""
    own = bench.workspace.collections.get(collection).threshold

    @telling(2)
    def calibrated() -> list[Any]:
        made = calibrate(bench.workspace, bench.door, collection)
        return [words.calibrated(made.threshold, made.questions, made.answered, made.withheld), told.revise(collection)]

    @telling(2)
    def usual() -> list[Any]:
        keep_threshold(bench.workspace.database, collection, None)
        return [words.usual_again(THRESHOLD), told.revise(collection)]

    gr.Markdown(words.threshold(THRESHOLD if own is None else own, own is not None), elem_id="threshold")
    with gr.Row(elem_classes="buttons"):
        from_drafts = gr.Button(words.CALIBRATE, size="sm", scale=0, min_width=200, elem_id="calibrate")
        from_drafts.click(calibrated, None, told.outputs, show_progress="minimal")
        if own is not None:
            back = gr.Button(words.USUAL, size="sm", scale=0, min_width=120, elem_id="usual-threshold")
            back.click(usual, None, told.outputs, show_progress="minimal")
