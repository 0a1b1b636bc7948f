"""A part of Train: what the training would be, before it is asked for, and a trial that measures it."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.models.choosing import base_model
from jobs.models.machine import look
from jobs.requests import MOST_SAVING, Learning, Measure, Train
from jobs.training.forecast import FORECAST, told
from jobs.training.foreseeing import foresee, same
from storage.errors import TriptychError
from storage.records import Job, JobState
from studio.bench import Bench
from studio.forms import TrainForm, Values
from studio.pages.events import LATEST, QUIET
from studio.pages.telling import telling
from studio.views import notices
from studio.views import planning as view
from studio.wording import planning as words

_LOOK_EVERY_S = 2.0
_TRIALS = 20
COUNT = 4


@dataclass(frozen=True)
class Foretelling:
    """The parts. `seen` is the state of the trial that is shown."""

    line: gr.Markdown
    try_it: gr.Button
    chosen: gr.Markdown
    command: gr.Markdown
    seen: gr.State

    @property
    def outputs(self) -> list[Any]:
        """What `draw` fills, in its order."""
        return [self.line, self.chosen, self.command, self.seen]


def lay_out() -> tuple[gr.Markdown, gr.Button]:
    """Put the forecast and the button that measures it on the page."""
    with gr.Row(elem_classes="forecast", equal_height=True):
        line = gr.Markdown(elem_id="forecast", latex_delimiters=[])
        try_it = gr.Button(words.TRY, size="sm", scale=0, min_width=120, elem_id="try-first")
    gr.Markdown(words.TRY_HELP, elem_classes="quiet")
    return line, try_it


def connect(bench: Bench, form: TrainForm, parts: Foretelling, notice: gr.Markdown) -> None:
    """Draw the forecast anew whenever a field changes, and while a trial goes on."""

    def draw(values: Values) -> list[Any]:
        if not values[form.dataset]:
            return ["", "", "", ""]
        try:
            return _drawn(bench, form.request(values, base_model(bench.workspace.settings)))
        except TriptychError as error:
            return [notices.failed(error), "", "", ""]

    def look_again(values: Values) -> list[Any]:
        """Draw again only where the trial that is shown has got on."""
        if not values[parts.seen]:
            return [gr.skip()] * COUNT
        drawn = draw(values)
        return [gr.skip()] * COUNT if drawn[-1] == values[parts.seen] else drawn

    @telling(COUNT)
    def measure(values: Values) -> list[Any]:
        request = form.request(values, base_model(bench.workspace.settings))
        trial = trial_of(bench, request)
        if trial is None or trial.state.final:
            bench.queue.enqueue(Measure.model_validate(request.model_dump(exclude={"kind"})), str(uuid4()))
        return _drawn(bench, request)

    fields = [form.dataset, form.model, form.preset, *form.expert.values()]
    gr.on([field.change for field in fields], draw, form.inputs, parts.outputs, **LATEST)
    gr.Timer(_LOOK_EVERY_S).tick(look_again, form.inputs | {parts.seen}, parts.outputs, **QUIET)
    parts.try_it.click(measure, form.inputs, [notice, *parts.outputs], **QUIET)


def _drawn(bench: Bench, request: Learning) -> list[Any]:
    dataset, trial = bench.workspace.datasets.get(request.dataset_id), trial_of(bench, request)
    seen = foresee(bench.workspace, request, look(), trial)
    going_on = trial is not None and not trial.state.final
    revision = f"{trial.id} {trial.state} {trial.phase} {trial.step}" if trial is not None and going_on else ""
    return [view.forecast(seen, dataset, trial), view.chosen(request, seen), view.command(request), revision]


def trial_of(bench: Bench, request: Learning) -> Job | None:
    """Return the newest trial of this very training; one that was taken out counts as none."""
    trials = [job for job in bench.queue.list("measure", _TRIALS) if same(request, job)]
    return next((job for job in trials if job.state is not JobState.CANCELLED), None)


def fitted(bench: Bench, request: Train) -> Train:
    """Return the training as its trial found that it fits: begun as small as that had to become."""
    trial = trial_of(bench, request)
    if trial is None or trial.state is not JobState.SUCCEEDED:
        return request
    smaller = request.less_memory + told(trial.result[FORECAST]).halvings
    return request.model_copy(update={"less_memory": min(MOST_SAVING, smaller)})
