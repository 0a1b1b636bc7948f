"""The lower half of Train: all runs, and the chosen one with its phases, its course and what can be done about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from storage.errors import NotFound
from storage.records import Job, JobState
from studio.bench import Bench
from studio.pages.events import AT_ONCE, QUIET
from studio.pages.telling import telling
from studio.views import runs as view
from studio.wording import train

LOOK_EVERY_S = 2.0
_MOST_RUNS = 30


@dataclass(frozen=True)
class Runs:
    """The parts of the lower half. `seen` holds the revision that is shown."""

    chosen: gr.Radio
    seen: gr.State
    heading: gr.Markdown
    standing: gr.Markdown
    steps: gr.Markdown
    picture: gr.Markdown
    outcome: gr.Markdown
    samples: gr.Markdown
    link: gr.Markdown
    adapters: gr.Markdown
    notice: gr.Markdown
    detail: gr.Column
    buttons: dict[str, gr.Button]
    sure: gr.Row
    yes: gr.Button
    no: gr.Button

    @property
    def outputs(self) -> list[Any]:
        """What `draw` fills, in its order."""
        texts = [self.heading, self.standing, self.steps, self.picture, self.outcome, self.samples, self.link]
        return [self.chosen, self.seen, self.detail, *texts, self.adapters, *self.buttons.values()]


def lay_out() -> Runs:
    """Put the parts on the page."""
    with gr.Row(elem_classes="runs"):
        with gr.Column(scale=1, min_width=280):
            chosen = gr.Radio(
                [], label=train.ALL_RUNS, info=train.CHOOSE_RUN, interactive=True, elem_id="runs", elem_classes="list"
            )
        with gr.Column(scale=3, min_width=320, elem_id="run", visible=False) as detail:
            heading = gr.Markdown(elem_id="run-name", latex_delimiters=[])
            standing = gr.Markdown(elem_id="run-standing", elem_classes="standing")
            outcome = gr.Markdown(elem_id="run-outcome", latex_delimiters=[])
            buttons, sure, yes, no = _buttons()
            notice = gr.Markdown(elem_id="run-notice", elem_classes="notice")
            with gr.Row(elem_classes="run-course"):
                with gr.Column(scale=2, min_width=220):
                    steps = gr.Markdown(elem_id="run-steps")
                with gr.Column(scale=5, min_width=320):
                    picture = gr.Markdown(elem_id="run-picture")
            samples = gr.Markdown(elem_id="run-samples", latex_delimiters=[])
            link = gr.Markdown(elem_id="run-link", elem_classes="quiet")
    gr.Markdown(f"## {train.ADAPTERS}")
    adapters = gr.Markdown(elem_id="adapters", latex_delimiters=[])
    return Runs(
        chosen, gr.State(""), heading, standing, steps, picture, outcome, samples, link, adapters, notice, detail,
        buttons, sure, yes, no,
    )  # fmt: skip


def _buttons() -> tuple[dict[str, gr.Button], gr.Row, gr.Button, gr.Button]:
    names = {"keep": train.STOP_KEEP, "throw": train.STOP_THROW, "up": train.MOVE_UP, "out": train.TAKE_OUT}
    names["retry"] = train.RETRY
    with gr.Row(elem_classes="buttons"):
        buttons = {
            name: gr.Button(label, size="sm", visible=False, min_width=0, elem_id=f"run-{name}")
            for name, label in names.items()
        }
    with gr.Row(visible=False, elem_classes="buttons", elem_id="run-sure") as sure:
        gr.Markdown(train.SURE)
        yes = gr.Button(train.YES_THROW, size="sm", variant="stop", min_width=0, elem_id="run-yes")
        no = gr.Button(train.NO_THROW, size="sm", min_width=0, elem_id="run-no")
    return buttons, sure, yes, no


def draw(bench: Bench, chosen: str | None, seen: str) -> list[Any]:
    """Return what the page shows now; where nothing has changed since `seen`, nothing is touched."""
    jobs = bench.queue.list("train", _MOST_RUNS)
    positions = {job.id: bench.queue.position(job.id) for job in jobs if job.state is JobState.QUEUED}
    choices = view.run_choices(jobs, positions, bench.workspace.clock())
    job = _chosen(bench, jobs, chosen)
    records = bench.workspace.runs.records(job.id) if job else []
    revision = f"{choices}{view.revision(job, records, positions.get(job.id)) if job else ''}"
    if revision == seen:
        return [gr.skip()] * 16
    shown = gr.Radio(choices, value=job.id if job else None, visible=bool(choices))
    return [shown, revision, *_detail(bench, job, records, positions)]


def _chosen(bench: Bench, jobs: Sequence[Job], chosen: str | None) -> Job | None:
    known = {job.id: job for job in jobs}
    if chosen and chosen not in known:
        try:
            return bench.queue.get(chosen)
        except NotFound:
            return jobs[0] if jobs else None
    return known.get(chosen or "") or (jobs[0] if jobs else None)


def _detail(bench: Bench, job: Job | None, records: Sequence[Any], positions: dict[str, int | None]) -> list[Any]:
    now = bench.workspace.clock()
    adapters = view.adapter_table(bench.workspace.adapters.list(), now)
    if job is None:
        return [gr.update(visible=False), *[gr.skip()] * 7, adapters, *[gr.skip()] * 5]
    texts = [
        view.heading(job),
        view.standing(job, positions.get(job.id), now),
        view.steps(job),
        view.picture(job, records),
        view.outcome(job),
        view.samples(records),
        train.link(job.id),
    ]
    return [gr.update(visible=True), *texts, adapters, *_shown_buttons(job)]


def _shown_buttons(job: Job) -> list[Any]:
    running = job.state is JobState.RUNNING and job.finish_requested_at is None
    queued = job.state is JobState.QUEUED
    shown = {"keep": running, "throw": running, "up": queued, "out": queued, "retry": job.state.final}
    label = train.AGAIN if job.state is JobState.SUCCEEDED else train.RETRY
    return [
        gr.update(visible=is_shown, value=label) if name == "retry" else gr.update(visible=is_shown)
        for name, is_shown in shown.items()
    ]


def connect(bench: Bench, parts: Runs) -> None:
    """Let the list, the buttons and the clock draw the chosen run."""

    def redraw(chosen: str | None, seen: str) -> list[Any]:
        return draw(bench, chosen, seen)

    def choose(chosen: str | None) -> list[Any]:
        return [*draw(bench, chosen, ""), gr.update(visible=False)]

    state = [parts.chosen, parts.seen]
    gr.Timer(LOOK_EVERY_S).tick(redraw, state, parts.outputs, **QUIET)
    parts.chosen.input(choose, parts.chosen, [*parts.outputs, parts.sure], **AT_ONCE)
    parts.buttons["throw"].click(_visible(True), None, parts.sure, **AT_ONCE)
    parts.no.click(_visible(False), None, parts.sure, **AT_ONCE)
    actions = {
        "keep": bench.queue.request_finish,
        "up": bench.queue.move_up,
        "out": bench.queue.request_cancel,
        "retry": lambda job_id: bench.queue.retry(job_id, str(uuid4())),
    }
    for name, action in actions.items():
        parts.buttons[name].click(_doing(bench, action), parts.chosen, [parts.notice, *parts.outputs], **AT_ONCE)
    thrown = parts.yes.click(
        _doing(bench, bench.queue.request_cancel), parts.chosen, [parts.notice, *parts.outputs], **AT_ONCE
    )
    thrown.then(_visible(False), None, parts.sure, **AT_ONCE)


def _visible(is_visible: bool) -> Callable[[], Any]:
    return lambda: gr.update(visible=is_visible)


def _doing(bench: Bench, action: Callable[[str], Job]) -> Callable[[str], list[Any]]:
    @telling(16)
    def doing(job_id: str) -> list[Any]:
        return draw(bench, action(job_id).id, "")

    return doing
