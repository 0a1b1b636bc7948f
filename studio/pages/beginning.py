"""Compare as it is opened: what may be chosen, questions to begin with, and what each column still lacks."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from jobs.answering.picking import picked
from jobs.models.choosing import base_model
from jobs.requests import Choices
from studio.bench import Bench
from studio.pages import coming, picking, placing
from studio.pages.events import QUIET
from studio.pages.resting import answering, awake
from studio.pages.sheet import Sheet
from studio.views import compare as view
from studio.wording import picking as words


def connect(bench: Bench, page: gr.Blocks, sheet: Sheet) -> None:
    """Fill in, whenever the page is opened, what does not depend on a comparison alone."""
    top, form = sheet.top, sheet.form
    said = [part for slot in sheet.places.usual for part in (slot.status, slot.text)]
    offered = [form.adapter, form.collection, sheet.uses, sheet.model, top.ask, *sheet.picking.outputs]

    def ready(request: gr.Request) -> list[Any]:
        if request.query_params.get("c"):
            return [gr.skip()] * len(said)
        return coming.before_asking(bench, _picks(bench, request))[: len(said)]

    def start(request: gr.Request) -> list[Any]:
        return _starters([] if {"c", "q"} & set(request.query_params) else _questions(bench))

    def offer(request: gr.Request) -> list[Any]:
        picks = _picks(bench, request)
        uses = _uses(bench, request.query_params.get("adapter", ""))
        return [*uses, answering(bench), words.ask(len(picks)), *picking.drawn(bench, picks)]

    page.load(ready, None, said, **QUIET)
    page.load(start, None, [sheet.texts, top.starters, *top.questions], **QUIET)
    page.load(offer, None, offered, **QUIET)


def dressed(bench: Bench, picks: Sequence[str]) -> placing.Dressed:
    """Return what stands at the places before these columns are asked."""
    made = picked(picks, Choices(model=base_model(bench.workspace.settings)), bench.workspace)
    return placing.dressed_before(bench, made)


def _picks(bench: Bench, request: gr.Request) -> list[str]:
    asked = request.query_params
    return picking.begun_with(bench, asked.get("c", ""), asked.get("adapter", ""))


def _starters(texts: Sequence[str]) -> list[Any]:
    buttons = [gr.Button(text, visible=True) for text in texts]
    hidden = [gr.Button(visible=False)] * (view.MOST_EXAMPLES - len(texts))
    return [texts, gr.update(visible=bool(texts)), *buttons, *hidden]


def _uses(bench: Bench, wanted: str) -> list[Any]:
    """Return what the ways may use as choices, unfolded where an adapter that they can take is wanted."""
    kept = awake(bench)
    chosen = wanted if wanted in {adapter.id for adapter in kept} else ""
    adapters = gr.Dropdown(view.adapter_choices(kept, bench.workspace.clock()), value=chosen)
    collections = gr.Dropdown(view.collection_choices(bench.workspace.collections.list()), value="")
    return [adapters, collections, gr.Accordion(open=True) if chosen else gr.skip()]


def _questions(bench: Bench) -> list[str]:
    datasets = bench.workspace.datasets.list()
    return view.example_questions(bench.workspace.datasets.examples(datasets[0].id, "exam")) if datasets else []
