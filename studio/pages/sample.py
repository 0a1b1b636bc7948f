"""The two ways to begin, on Home: the sample company, or a file of one's own; later the next step stands there."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.opening import FIRST_QUESTION, POEM_QUESTION, open_sample, sample_has_traces, sample_is_whole
from studio.bench import Bench
from studio.pages.events import AT_ONCE, QUIET
from studio.pages.telling import telling
from studio.views import notices
from studio.wording import compare
from studio.wording import sample as words

_TO_TRY = words.to_try((FIRST_QUESTION, compare.asking(FIRST_QUESTION)), (POEM_QUESTION, compare.asking(POEM_QUESTION)))


@dataclass(frozen=True)
class Beginning:
    """Both buttons, and what is said after the first was pressed. `go_on` holds the link that is followed by itself."""

    open: gr.Button
    own: gr.Button
    means: gr.Markdown
    notice: gr.Markdown
    go_on: gr.Markdown

    @property
    def outputs(self) -> list[Any]:
        """What `draw` fills."""
        return [self.open, self.own, self.means]


def lay_out() -> Beginning:
    """Put the buttons on the page; which of them is the main one is decided when they are drawn."""
    with gr.Row(elem_classes="buttons", elem_id="begin"):
        open_button = gr.Button(words.OPEN, visible=False, elem_id="open-sample", elem_classes="main-button")
        own = gr.Button(words.OWN, visible=False, elem_id="next", elem_classes="main-button")
    means = gr.Markdown(elem_id="sample-means", elem_classes="quiet notice")
    notice = gr.Markdown(elem_id="sample-notice", elem_classes="notice")
    go_on = gr.Markdown(elem_id="go-on", elem_classes="notice")
    return Beginning(open_button, own, means, notice, go_on)


def connect(bench: Bench, beginning: Beginning) -> None:
    """Let the first button open the sample company and lead on to Compare."""

    @telling(1, failed=[""])
    def opened() -> list[Any]:
        open_sample(bench.workspace, bench.queue)
        link = f"[{words.GO_ON}]({compare.asking(FIRST_QUESTION)})"
        return [notices.done(f"{words.IS_OPEN} {link}")]

    beginning.open.click(lambda: [words.OPENING, ""], None, [beginning.notice, beginning.go_on], **AT_ONCE)
    beginning.open.click(opened, None, [beginning.notice, beginning.go_on], **QUIET)


def draw(bench: Bench, empty: bool, next_step: tuple[str, str]) -> list[Any]:
    """Return both buttons: in an empty workspace the sample is the main one, later the next step is."""
    whole = sample_is_whole(bench.workspace, bench.queue)
    label = words.OPEN_REST if sample_has_traces(bench.workspace) else words.OPEN
    first, second = ("primary", "secondary") if empty else ("secondary", "primary")
    step, address = (words.OWN, "/examples") if empty else next_step
    return [
        gr.Button(label, variant=first, visible=not whole),
        gr.Button(step, variant=second, link=address, visible=True),
        _TO_TRY if whole else words.MEANS,
    ]
