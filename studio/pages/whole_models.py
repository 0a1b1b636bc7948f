"""Below each adapter on Train: the whole model in the forms of other programs, to be written and then downloaded."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import gradio as gr
from gradio.components import Component

from jobs.requests import Export
from storage.exports import Whole, forget
from storage.records import Adapter, Job
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.pages.telling import telling
from studio.views import whole_models as view
from studio.wording import adapters as words

_JOBS = 200


def exports(bench: Bench) -> list[Job]:
    """Return the jobs that write whole models into the home, the newest first."""
    return [job for job in bench.queue.list("export", _JOBS) if not job.spec["folder"]]


def build(
    bench: Bench,
    adapter: Adapter,
    jobs: Sequence[Job],
    told: Sequence[Component],
    revised: Callable[[], tuple[Any, ...]],
) -> None:
    """Lay out the forms of one adapter; `jobs` write models, `told` are the notice and what draws the list anew."""
    forms = [view.standing(bench.workspace.home, adapter.id, form, jobs) for form in words.FORMS]
    begun = any(stands.job or stands.size_bytes for stands in forms)
    with gr.Accordion(words.WHOLE, open=begun, elem_id=f"whole-{adapter.id[:8]}", key=f"whole-{adapter.id}"):
        gr.Markdown(words.WHOLE_HELP, elem_classes="quiet")
        for stands in forms:
            _form(bench, adapter, stands, told, revised)


def _form(
    bench: Bench, adapter: Adapter, stands: view.Standing, told: Sequence[Component], revised: Callable[[], Any]
) -> None:
    form: Whole = stands.form

    @telling(1)
    def write() -> list[Any]:
        asked = view.standing(bench.workspace.home, adapter.id, form, exports(bench))
        if not asked.going_on:
            bench.queue.enqueue(Export(adapter_id=adapter.id, form=form), str(uuid4()))
        return [revised()]

    @telling(1)
    def stop() -> list[Any]:
        if stands.job is not None:
            bench.queue.request_cancel(stands.job.id)
        return [revised()]

    @telling(1)
    def let_go() -> list[Any]:
        forget(bench.workspace.home, adapter.id, form)
        return [revised()]

    with gr.Row(elem_classes="listed", elem_id=f"whole-{form}-{adapter.id[:8]}"):
        gr.Markdown(view.entry(stands), latex_delimiters=[])
        with gr.Row(elem_classes="buttons"):
            if stands.going_on:
                _button(words.STOP_WRITING, stands, adapter).click(stop, None, told, **QUIET)
            elif stands.size_bytes:
                _button(words.DOWNLOAD, stands, adapter, words.whole_download(adapter.id, form))
                _button(words.LET_GO, stands, adapter).click(let_go, None, told, **QUIET)
            else:
                _button(words.WRITE, stands, adapter).click(write, None, told, **QUIET)


def _button(label: str, stands: view.Standing, adapter: Adapter, link: str | None = None) -> gr.Button:
    # Without a key of its own, the button that takes its place when the list is drawn anew would keep its address.
    key = f"{label} {stands.form} {adapter.id}"
    return gr.Button(label, size="sm", scale=0, min_width=0, link=link, key=key)
