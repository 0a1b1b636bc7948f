"""The part of Scores that measures what each way costs and gives, row by row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args
from uuid import uuid4

import gradio as gr

from jobs.evaluation.measuring.found import found_of
from jobs.requests import MeasuredRow, MeasureWays
from storage.records import Job, JobState
from studio.bench import Bench
from studio.health import worker_runs
from studio.pages.events import QUIET
from studio.pages.score_drawing import card_of
from studio.views import measured as view
from studio.wording import measured as words

LOOK_EVERY_S = 2.0
_ROWS: tuple[MeasuredRow, ...] = get_args(MeasuredRow)
_LATELY = 20


@dataclass(frozen=True)
class Measured:
    """The parts. `seen` is the revision of what is shown, `key` new for each request."""

    box: gr.Accordion
    told: gr.Markdown
    standing: gr.Markdown
    buttons: dict[tuple[MeasuredRow, ...], gr.Button]
    stop: gr.Button
    seen: gr.State

    @property
    def shown(self) -> list[Any]:
        """What `draw` fills, in its order."""
        return [self.seen, self.box, self.told, self.standing, self.stop]


def lay_out() -> Measured:
    """Put the parts on the page."""
    with gr.Accordion(words.TITLE, open=True, visible=False, elem_id="measured") as box:
        told = gr.Markdown(elem_id="measured-table", elem_classes="scrolled", latex_delimiters=[])
        standing = gr.Markdown(elem_id="measured-standing", elem_classes="notice")
        with gr.Row(elem_classes="buttons"):
            buttons = {_ROWS: gr.Button(words.ALL, size="sm", elem_id="measure-all")}
            for row in _ROWS:
                label = f"{words.MEASURE} {words.BUTTONS[row]}"
                buttons[(row,)] = gr.Button(label, size="sm", elem_id=f"measure-{row}", elem_classes="modest")
            stop = gr.Button(words.STOP, size="sm", visible=False, elem_id="measured-stop", elem_classes="modest")
    return Measured(box, told, standing, buttons, stop, gr.State(""))


def connect(bench: Bench, parts: Measured, card: gr.State) -> None:
    """Let the scorecard shown fill the table, and the buttons measure its rows."""

    def look(card_id: str, seen: str) -> list[Any]:
        return draw(bench, card_id, seen)

    def asking(rows: tuple[MeasuredRow, ...]) -> Callable[[str], list[Any]]:
        return lambda card_id: _ask(bench, card_id, rows)

    def stop(card_id: str) -> list[Any]:
        job = newest(bench, card_id)
        if job is not None and not job.state.final:
            bench.queue.request_cancel(job.id)
        return draw(bench, card_id, "")

    card.change(lambda card_id: draw(bench, card_id, ""), card, parts.shown, **QUIET)
    for rows, button in parts.buttons.items():
        button.click(asking(rows), card, parts.shown, **QUIET)
    parts.stop.click(stop, card, parts.shown, **QUIET)
    gr.Timer(LOOK_EVERY_S).tick(look, [card, parts.seen], parts.shown, **QUIET)


def _ask(bench: Bench, card_id: str, rows: tuple[MeasuredRow, ...]) -> list[Any]:
    """Put the rows in line, unless these are being measured already."""
    going_on = {row for job in _jobs(bench, card_id) if not job.state.final for row in job.spec["rows"]}
    wanted: tuple[MeasuredRow, ...] = tuple(row for row in rows if row not in going_on)
    if wanted and card_of(bench, card_id) is not None:
        bench.queue.enqueue(MeasureWays(card_id=card_id, rows=wanted), str(uuid4()))
    return draw(bench, card_id, "")


def draw(bench: Bench, card_id: str, seen: str) -> list[Any]:
    """Return the revision of what is shown, then the parts; what has not changed since `seen` is not touched."""
    card, job = card_of(bench, card_id), newest(bench, card_id)
    if card is None:
        return ["", gr.update(visible=False), "", "", gr.update(visible=False)]
    waits = job is not None and job.state is JobState.QUEUED
    standing = view.standing(job, not waits or worker_runs(bench.workspace.settings))
    going_on = job is not None and not job.state.final
    revision = f"{card_id} {bench.workspace.measurements.revision()} {standing} {going_on}"
    if revision == seen:
        return [gr.skip()] * 5
    found = found_of(card, bench.workspace.measurements.list())
    told = view.table(card, found, bench.workspace.clock())
    return [revision, gr.update(visible=True), told, standing, gr.update(visible=going_on)]


def newest(bench: Bench, card_id: str) -> Job | None:
    """Return the measuring of this score that goes on, else the one asked for last."""
    lately = _jobs(bench, card_id)
    return next((job for job in reversed(lately) if not job.state.final), next(iter(lately), None))


def _jobs(bench: Bench, card_id: str) -> Sequence[Job]:
    return [job for job in bench.queue.list("measure_ways", _LATELY) if job.spec["card_id"] == card_id]
