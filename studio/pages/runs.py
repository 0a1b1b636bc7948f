"""The middle of Train: all runs, and the chosen one with its phases, its course and what can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from storage.records import Job
from studio.bench import Bench
from studio.pages import drawing
from studio.pages.confirming import Confirmed, question
from studio.pages.events import AT_ONCE, QUIET
from studio.pages.telling import telling
from studio.repeating import again, on_every_row, with_less_memory
from studio.wording import train

LOOK_EVERY_S = 2.0


@dataclass(frozen=True)
class Runs:
    """The parts of the middle. `seen` holds the revision that is shown; `taken` says that it filled the form."""

    chosen: gr.Radio
    seen: gr.State
    line: gr.Markdown
    hold: gr.Button
    detail: gr.Column
    used: gr.Accordion
    texts: dict[str, gr.Markdown]
    buttons: dict[str, gr.Button]
    throwing: Confirmed
    notice: gr.Markdown
    taken: gr.Markdown

    @property
    def outputs(self) -> list[Any]:
        """What `drawing.draw` fills, in its order."""
        return [
            self.chosen,
            self.seen,
            self.line,
            self.hold,
            self.detail,
            self.used,
            *self.texts.values(),
            *self.acting,
        ]

    @property
    def acting(self) -> list[gr.Button]:
        """The buttons that a run shows or hides."""
        return [self.buttons[name] for name in drawing.BUTTONS]


def lay_out() -> Runs:
    """Put the parts on the page."""
    with gr.Row(elem_classes="runs"):
        with gr.Column(scale=1, min_width=280):
            chosen = gr.Radio(
                [],
                label=train.ALL_RUNS,
                info=train.CHOOSE_RUN,
                interactive=True,
                visible=False,
                elem_id="runs",
                elem_classes="list",
            )
            nothing = gr.Markdown(train.NO_RUNS, elem_id="no-runs", elem_classes="quiet")
            line = gr.Markdown(elem_id="run-line", elem_classes="quiet")
            hold = gr.Button(train.PAUSE, size="sm", visible=False, min_width=0, elem_id="run-hold")
        with gr.Column(scale=3, min_width=320, elem_id="run", visible=False) as detail:
            texts, used, buttons, throwing, notice, taken = _detail()
    texts["nothing"] = nothing
    in_order = {name: texts[name] for name in drawing.TEXTS}
    return Runs(chosen, gr.State(""), line, hold, detail, used, in_order, buttons, throwing, notice, taken)


def _detail() -> tuple[dict[str, gr.Markdown], gr.Accordion, dict[str, gr.Button], Confirmed, gr.Markdown, gr.Markdown]:
    texts = {name: _text(name) for name in ("heading", "standing", "outcome")}
    with gr.Row(elem_classes="buttons"):
        buttons = {
            name: gr.Button(label, size="sm", visible=False, min_width=0, elem_id=f"run-{name}")
            for name, label in drawing.BUTTONS.items()
        }
    throwing = Confirmed(buttons["throw"], *question(train.SURE, train.YES_THROW, train.NO_THROW, "run-throw"))
    notice = gr.Markdown(elem_id="run-notice", elem_classes="notice")
    taken = gr.Markdown(elem_id="taken-over", elem_classes="notice", latex_delimiters=[])
    with gr.Row(elem_classes="run-course"):
        with gr.Column(scale=2, min_width=220):
            texts["steps"] = _text("steps")
        with gr.Column(scale=5, min_width=320):
            texts["picture"] = _text("picture")
    texts["samples"] = gr.Markdown(elem_id="run-samples", elem_classes="scrolled", latex_delimiters=[])
    with gr.Accordion(train.SETTINGS, open=False, visible=False, elem_id="run-used") as used:
        texts["settings"] = _text("settings")
    texts["link"] = gr.Markdown(elem_id="run-link", elem_classes="quiet")
    return texts, used, buttons, throwing, notice, taken


def _text(name: str) -> gr.Markdown:
    return gr.Markdown(elem_id=f"run-{name}", latex_delimiters=[])


def connect(bench: Bench, parts: Runs) -> None:
    """Let the list, the buttons and the clock draw the chosen run."""

    def redraw(seen: str) -> list[Any]:
        # What the browser has chosen may be out of date: it is told of another run while this look comes in. And not
        # before the page's own start has drawn one.
        return drawing.draw(bench, drawing.shown(seen), seen) if seen else [gr.skip()] * drawing.COUNT

    def choose(chosen: str | None) -> list[Any]:
        return [*drawing.draw(bench, chosen, ""), gr.update(visible=False)]

    gr.Timer(LOOK_EVERY_S).tick(redraw, parts.seen, parts.outputs, **QUIET)
    parts.chosen.input(choose, parts.chosen, [*parts.outputs, parts.throwing.sure], **AT_ONCE)

    @telling(drawing.COUNT)
    def hold(chosen: str | None) -> list[Any]:
        if bench.queue.paused() is None:
            bench.queue.pause("by the person")
        else:
            bench.queue.resume()
        return drawing.draw(bench, chosen, "")

    outputs = [parts.notice, *parts.outputs]
    parts.hold.click(hold, parts.chosen, outputs, **AT_ONCE)
    parts.throwing.then(_doing(bench, bench.queue.request_cancel), parts.chosen, outputs)
    for name, action in _actions(bench).items():
        parts.buttons[name].click(_doing(bench, action), parts.chosen, outputs, **AT_ONCE)


def _actions(bench: Bench) -> dict[str, Callable[[str], Job]]:
    return {
        "keep": bench.queue.request_finish,
        "up": bench.queue.move_up,
        "out": bench.queue.request_cancel,
        "retry": lambda job_id: bench.queue.retry(job_id, str(uuid4())),
        "less": lambda job_id: again(bench.queue, job_id, with_less_memory),
        "all": lambda job_id: again(bench.queue, job_id, on_every_row),
    }


def _doing(bench: Bench, action: Callable[[str], Job]) -> Callable[[str], list[Any]]:
    @telling(drawing.COUNT)
    def doing(job_id: str) -> list[Any]:
        return drawing.draw(bench, action(job_id).id, "")

    return doing
