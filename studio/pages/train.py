"""Train: one decision, then the runs: watch, leave, come back."""

from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.intake.prepare import MINIMUM_ROWS
from jobs.models.choosing import base_model
from jobs.requests import Train
from storage.errors import UnusableRows
from studio.bench import Bench
from studio.forms import EXPERT, TrainForm, Values, knob, title
from studio.pages import adapters, drawing, models, runs
from studio.pages.events import AT_ONCE, QUIET
from studio.pages.resting import title as title_of
from studio.pages.telling import telling
from studio.views import markdown
from studio.views import models as model_view
from studio.views import runs as view
from studio.wording import models as words
from studio.wording import train
from studio.wording.runs import PRESETS


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to the queue."""
    gr.Markdown(f"# Train\n\n{train.INTRO}", elem_classes="page-head")
    form, empty, parts, button, notice = _form()
    rests = gr.Markdown(elem_id="model-rests", elem_classes="quiet", latex_delimiters=[])
    shown = runs.lay_out()
    runs.connect(bench, shown)
    adapters.build(bench, page, shown.seen)
    changed = models.build(bench, page)
    _models(bench, page, form.model, rests, changed)

    @telling(1 + drawing.COUNT)
    def start(values: Values) -> list[Any]:
        request = form.request(values, base_model(bench.workspace.settings))
        _refuse_too_few(bench, request.dataset_id)
        job = bench.queue.enqueue(request, form.idem_key(values))
        return [str(uuid4()), *drawing.draw(bench, job.id, "")]

    def tell(dataset_id: str | None) -> str:
        dataset = bench.workspace.datasets.get(dataset_id) if dataset_id else None
        return train.parts(dataset.used, dataset.held_out) if dataset else ""

    def opened(request: gr.Request) -> list[Any]:
        return [str(uuid4()), *drawing.draw(bench, request.query_params.get("run"), "")]

    button.click(start, form.inputs, [notice, form.key, *shown.outputs], **QUIET)
    form.dataset.change(tell, form.dataset, parts, **AT_ONCE)
    page.load(_offer(bench), None, [form.dataset, empty, button], **QUIET)
    page.load(opened, None, [form.key, *shown.outputs], **QUIET)


def _form() -> tuple[TrainForm, gr.Markdown, gr.Markdown, gr.Button, gr.Markdown]:
    empty = gr.Markdown(train.NO_EXAMPLES, visible=False, elem_id="no-examples", elem_classes="empty")
    with gr.Row(elem_classes="train-form"):
        with gr.Column(scale=1, min_width=280):
            dataset = gr.Dropdown([], label=title(Train, "dataset_id"), elem_id="dataset", interactive=True)
            parts = gr.Markdown(elem_id="dataset-parts", elem_classes="quiet")
            model = gr.Dropdown(
                [], label=title(Train, "model"), info=train.MODEL_HELP, elem_id="model", interactive=True
            )
            name = gr.Textbox(label=title(Train, "name"), info=train.NAME_HELP, max_lines=1, elem_id="train-name")
        with gr.Column(scale=1, min_width=280):
            choices = [(f"{label}: {meaning}", value) for value, (label, meaning) in PRESETS.items()]
            preset = gr.Radio(
                choices, value="quick", label=title(Train, "preset"), elem_id="preset", elem_classes="list"
            )
    with gr.Accordion(train.EXPERT, open=False, elem_id="expert"):
        gr.Markdown(train.EXPERT_HELP, elem_classes="quiet")
        with gr.Row():
            expert = {field: knob(Train, field) for field in EXPERT}
    # Until the page knows what can be chosen there is nothing to press it for.
    button = gr.Button(train.TRAIN, variant="primary", interactive=False, elem_id="train", elem_classes="main-button")
    notice = gr.Markdown(elem_id="notice", elem_classes="notice")
    return TrainForm(dataset, model, name, preset, expert, gr.State("")), empty, parts, button, notice


def _offer(bench: Bench) -> Any:
    def offer(request: gr.Request) -> list[Any]:
        datasets = bench.workspace.datasets.list()
        choices = view.dataset_choices(datasets)
        wanted = request.query_params.get("dataset", "")
        value = wanted if wanted in {dataset.id for dataset in datasets} else choices[0][1] if choices else None
        return [gr.Dropdown(choices, value=value), gr.update(visible=not choices), _button(bool(choices))]

    return offer


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


def _button(there: bool) -> gr.Button:
    return gr.Button(visible=there, interactive=there)


def _refuse_too_few(bench: Bench, dataset_id: str) -> None:
    used = bench.workspace.datasets.get(dataset_id).used
    if used < MINIMUM_ROWS:
        raise UnusableRows(train.too_few(used, MINIMUM_ROWS))
