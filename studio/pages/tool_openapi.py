"""The part of Tools that takes a service from its own description: read it, tick operations, add them."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.tools.service.openapi.adding import add_operations, gone, standing
from jobs.tools.service.openapi.operations import Described
from jobs.tools.service.openapi.reading import MOST_BYTES
from storage.errors import UserFault
from studio.bench import Bench
from studio.forms import Values
from studio.openapi_form import OpenApiForm
from studio.pages.events import AT_ONCE
from studio.pages.telling import telling
from studio.views import openapi as view
from studio.wording import openapi as words
from studio.wording import services as serving


@dataclass(frozen=True)
class Taking:
    """The form that makes tools of a description; `document` is what was read last, None before."""

    form: OpenApiForm
    document: gr.State
    read: gr.Button
    notice: gr.Markdown
    more: gr.Column
    found: gr.Markdown
    refused: gr.Markdown
    button: gr.Button
    added: gr.Markdown


def lay_out() -> Taking:
    """Lay out the form; what to tick is hidden until a description was read."""
    with gr.Accordion(words.ADD, open=False, elem_id="take-a-service"):
        gr.Markdown(words.HELP)
        file = gr.File(label=words.FILE, height=150, elem_id="openapi-file")
        text = gr.Textbox(
            label=words.TEXT, info=words.TEXT_HELP, lines=3, max_lines=6, max_length=MOST_BYTES, elem_id="openapi-text"
        )
        read = gr.Button(words.READ, size="sm", elem_id="read-openapi", elem_classes="modest")
        notice = gr.Markdown(elem_id="openapi-notice", elem_classes="notice")
        with gr.Column(visible=False) as more:
            found = gr.Markdown(elem_id="openapi-found", latex_delimiters=[])
            with gr.Accordion(words.REFUSED, open=False, elem_id="openapi-why"):
                refused = gr.Markdown(elem_id="openapi-refused", latex_delimiters=[])
            fields = _fields()
            button = gr.Button(words.ADD_BUTTON, variant="primary", elem_id="add-operations")
        added = gr.Markdown(elem_id="openapi-added", elem_classes="notice")
    return Taking(OpenApiForm(file, text, **fields), gr.State(None), read, notice, more, found, refused, button, added)


def _fields() -> dict[str, Any]:
    return {
        "server": gr.Textbox(
            label=words.SERVER, info=words.SERVER_HELP, max_lines=1, max_length=300, elem_id="openapi-server"
        ),
        "ticked": gr.CheckboxGroup(
            [], label=words.OPERATIONS, info=words.OPERATIONS_HELP, elem_id="openapi-operations"
        ),
        "questions": gr.Textbox(
            label=words.QUESTIONS, info=words.QUESTIONS_HELP, lines=2, max_length=40_000, elem_id="openapi-questions"
        ),
        "header": gr.Textbox(
            label=words.HEADER, info=words.HEADER_HELP, type="password", max_lines=1, elem_id="openapi-header"
        ),
        "inner": gr.Checkbox(False, label=serving.INNER, info=serving.INNER_HELP, elem_id="openapi-inner"),
    }


def connect(bench: Bench, taking: Taking, revision: gr.State) -> None:
    """Let the form read a description and make tools of what is ticked; the secret leaves the page with that."""
    form, workspace = taking.form, bench.workspace

    @telling(7, failed=[None, *[gr.skip()] * 5, gr.update(visible=False)])
    def read(values: Values) -> list[Any]:
        document = form.document(values)
        choices = view.choices(document, standing(workspace, document))
        told = [view.found(document, gone(workspace, document)), view.refused(document), document.server]
        return [document, *told, gr.CheckboxGroup(choices, value=[]), "", gr.update(visible=True)]

    @telling(1)
    def tick(values: Values) -> list[Any] | None:
        document: Described | None = values[taking.document]
        if document is None:
            return None
        ticked, said = form.chosen(values), form.said(values)
        return [view.question_lines(document, standing(workspace, document), ticked, said)]

    @telling(5)
    def add(values: Values) -> list[Any] | None:
        document: Described | None = values[taking.document]
        if document is None:
            return None
        several = add_operations(workspace, document, form.chosen(values), form.terms(values, document))
        left = [one.operation.id for one in several if isinstance(one.made, UserFault)]
        now = standing(workspace, document)
        ticks = gr.CheckboxGroup(view.choices(document, now), value=left)
        asked = view.question_lines(document, now, left, form.said(values))
        return ["", ticks, asked, str(uuid4()), view.outcomes(several)]

    inputs: set[Any] = {*form.inputs, taking.document}
    shown = [taking.found, taking.refused, form.server, form.ticked, form.questions, taking.more]
    taking.read.click(read, form.inputs, [taking.notice, taking.document, *shown], show_progress="minimal")
    form.ticked.input(tick, inputs, [taking.notice, form.questions], **AT_ONCE)
    outputs = [taking.notice, form.header, form.ticked, form.questions, revision, taking.added]
    taking.button.click(add, inputs, outputs, show_progress="minimal")
