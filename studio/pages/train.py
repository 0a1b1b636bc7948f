"""Train: one decision, then the runs: watch, leave, come back."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr
from gradio.components import Component

from jobs.answering.labels import learned_answers
from jobs.intake.prepare import MINIMUM_ROWS
from jobs.models.choosing import base_model
from jobs.requests import Preset, Train
from jobs.training.presets import suggested
from storage.errors import UnusableRows
from studio.bench import Bench
from studio.forms import EXPERT, TrainForm, Values, knob, title
from studio.pages import adapters, drawing, forecast, models, run_comparison, runs
from studio.pages.events import AT_ONCE, QUIET
from studio.pages.resting import title as title_of
from studio.pages.telling import telling
from studio.views import labels, markdown, notices
from studio.views import models as model_view
from studio.views import runs as view
from studio.wording import models as words
from studio.wording import planning, train
from studio.wording.runs import PRESETS, name

_IN_A_ROW = 4


@dataclass(frozen=True)
class Sheet:
    """The upper part of the page: the form, what is said beside it, and what it would come to.

    `whole` is all that serves only where there are examples.
    """

    form: TrainForm
    whole: gr.Column
    empty: gr.Markdown
    rows: gr.Markdown
    button: gr.Button
    notice: gr.Markdown
    rests: gr.Markdown
    foretelling: forecast.Foretelling


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to the queue."""
    gr.Markdown(f"# Train\n\n{train.INTRO}", elem_classes="page-head")
    sheet = _lay_out()
    shown = runs.lay_out()
    runs.connect(bench, shown)
    run_comparison.build(bench, shown.chosen)
    adapters.build(bench, page, shown.seen)
    _models(bench, page, sheet.form.model, sheet.rests, models.build(bench, page))
    forecast.connect(bench, sheet.form, sheet.foretelling, sheet.notice)
    _connect(bench, sheet, shown)

    def opened(request: gr.Request) -> list[Any]:
        return [str(uuid4()), *drawing.draw(bench, request.query_params.get("run"), "")]

    offered = [sheet.form.dataset, sheet.form.preset, sheet.empty, sheet.whole, sheet.button]
    page.load(_offer(bench), None, offered, **QUIET)
    page.load(opened, None, [sheet.form.key, *shown.outputs], **QUIET)


def _connect(bench: Bench, sheet: Sheet, shown: runs.Runs) -> None:
    form = sheet.form

    @telling(3 + drawing.COUNT)
    def start(values: Values) -> list[Any]:
        request = form.request(values, base_model(bench.workspace.settings))
        _refuse_too_few(bench, request.dataset_id)
        fitting = forecast.fitted(bench, request)
        job = bench.queue.enqueue(fitting, form.idem_key(values), parent_id=form.parent_of(values))
        return [str(uuid4()), "", "", *drawing.draw(bench, job.id, "")]

    @telling(2 + len(form.filled))
    def take_over(job_id: str) -> list[Any]:
        job = bench.queue.get(job_id)
        bench.workspace.datasets.get(str(job.spec["dataset_id"]))
        called = markdown.plain(name(job, view.names(bench.workspace.datasets.list())))
        return [job.id, notices.done(train.taken_over(called)), *form.filling(Train.model_validate(job.spec))]

    def tell(dataset_id: str | None) -> str:
        dataset = bench.workspace.datasets.get(dataset_id) if dataset_id else None
        if dataset is None:
            return ""
        about = labels.told(learned_answers(dataset.id, bench.workspace))
        why = train.SEVERAL_TIMES if _suggested(bench, dataset_id) == "normal" else ""
        return "\n\n".join(part for part in (train.parts(dataset.used, dataset.held_out), why, about) if part)

    started = [sheet.notice, form.key, form.parent, shown.taken, *shown.outputs]
    sheet.button.click(start, form.inputs, started, **QUIET)
    taken = [shown.notice, form.parent, shown.taken, *form.filled]
    shown.buttons["change"].click(take_over, shown.chosen, taken, **QUIET)
    form.dataset.change(tell, form.dataset, sheet.rows, **AT_ONCE)
    # Only where a person chose: settings that were taken over stay as they are.
    form.dataset.input(lambda dataset_id: _suggested(bench, dataset_id), form.dataset, form.preset, **AT_ONCE)


def _lay_out() -> Sheet:
    empty = gr.Markdown(train.NO_EXAMPLES, visible=False, elem_id="no-examples", elem_classes="empty")
    with gr.Column(elem_id="teach") as whole:
        with gr.Row(elem_classes="train-form"):
            with gr.Column(scale=1, min_width=280):
                dataset = gr.Dropdown([], label=title(Train, "dataset_id"), elem_id="dataset", interactive=True)
                rows = gr.Markdown(elem_id="dataset-parts", elem_classes="quiet")
                model = gr.Dropdown(
                    [], label=title(Train, "model"), info=train.MODEL_HELP, elem_id="model", interactive=True
                )
                called = gr.Textbox(label=title(Train, "name"), info=train.NAME_HELP, max_lines=1, elem_id="train-name")
            with gr.Column(scale=1, min_width=280):
                choices = [(f"{label}: {meaning}", value) for value, (label, meaning) in PRESETS.items()]
                preset = gr.Radio(
                    choices, value="quick", label=title(Train, "preset"), elem_id="preset", elem_classes="list"
                )
        line, try_it = forecast.lay_out()
        with gr.Accordion(train.EXPERT, open=False, elem_id="expert"):
            gr.Markdown(train.EXPERT_HELP, elem_classes="quiet")
            expert: dict[str, Component] = {}
            for start in range(0, len(EXPERT), _IN_A_ROW):
                with gr.Row():
                    expert |= {field: knob(Train, field) for field in EXPERT[start : start + _IN_A_ROW]}
            chosen = gr.Markdown(elem_id="auto-chosen", elem_classes="scrolled", latex_delimiters=[])
        with gr.Accordion(planning.COMMAND, open=False, elem_id="command"):
            command = gr.Markdown(latex_delimiters=[])
        # Until the page knows what can be chosen there is nothing to press it for.
        button = gr.Button(
            train.TRAIN, variant="primary", interactive=False, elem_id="train", elem_classes="main-button"
        )
        notice = gr.Markdown(elem_id="notice", elem_classes="notice")
        rests = gr.Markdown(elem_id="model-rests", elem_classes="quiet", latex_delimiters=[])
    form = TrainForm(dataset, model, called, preset, expert, gr.State(""), gr.State(""))
    foretelling = forecast.Foretelling(line, try_it, chosen, command, gr.State(""))
    return Sheet(form, whole, empty, rows, button, notice, rests, foretelling)


def _offer(bench: Bench) -> Any:
    def offer(request: gr.Request) -> list[Any]:
        datasets = bench.workspace.datasets.list()
        choices = view.dataset_choices(datasets)
        wanted = request.query_params.get("dataset", "")
        value = wanted if wanted in {dataset.id for dataset in datasets} else choices[0][1] if choices else None
        there = bool(choices)
        shown = [gr.update(visible=not there), gr.update(visible=there)]
        return [gr.Dropdown(choices, value=value), _suggested(bench, value), *shown, gr.Button(interactive=there)]

    return offer


def _suggested(bench: Bench, dataset_id: str | None) -> Preset:
    dataset = bench.workspace.datasets.get(dataset_id) if dataset_id else None
    return suggested(dataset.used - dataset.held_out) if dataset else "quick"


def _models(bench: Bench, page: gr.Blocks, model: gr.Dropdown, rests: gr.Markdown, changed: gr.Markdown) -> None:
    """Offer what may be taught, the model that answers first chosen; say so where another one is chosen."""
    settings = bench.workspace.settings

    def offer() -> gr.Dropdown:
        choices, base = model_view.to_teach(models.all_offers(bench)), base_model(settings)
        return gr.Dropdown(choices, value=base if base in {one for _, one in choices} else None)

    def tell(model_id: str | None) -> str:
        base = base_model(settings)
        if not model_id or model_id == base:
            return ""
        return words.will_rest(*(markdown.plain(title_of(bench, one)) for one in (model_id, base)))

    page.load(offer, None, model, **QUIET)
    changed.change(offer, None, model, **QUIET)
    model.change(tell, model, rests, **AT_ONCE)


def _refuse_too_few(bench: Bench, dataset_id: str) -> None:
    used = bench.workspace.datasets.get(dataset_id).used
    if used < MINIMUM_ROWS:
        raise UnusableRows(train.too_few(used, MINIMUM_ROWS))
