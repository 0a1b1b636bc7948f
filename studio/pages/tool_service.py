"""The part of Tools that adds a service on the web."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.tools.service.adding import add_service
from studio.bench import Bench
from studio.forms import Values
from studio.pages.telling import telling
from studio.service_form import ServiceForm
from studio.views import notices
from studio.views import services as view
from studio.wording import services as words


@dataclass(frozen=True)
class Serving:
    """The form that makes a tool of a service."""

    form: ServiceForm
    button: gr.Button
    notice: gr.Markdown
    added: gr.Markdown


def lay_out() -> Serving:
    """Lay out the form."""
    with gr.Accordion(words.ADD, open=False, elem_id="add-a-service"):
        gr.Markdown(words.HELP)
        form = ServiceForm(
            name=_line(words.NAME, words.NAME_HELP, "name", 60),
            description=_line(words.ABOUT, words.ABOUT_HELP, "about", 300),
            method=gr.Radio(list(words.METHODS), value="GET", label=words.METHOD, elem_id="service-method"),
            address=_line(words.ADDRESS, words.ADDRESS_HELP, "address", 2_000),
            parameters=gr.Textbox(
                label=words.PARAMETERS, info=words.PARAMETERS_HELP, lines=2, max_length=2_000,
                elem_id="service-parameters",
            ),
            example=_line(words.EXAMPLE, words.EXAMPLE_HELP, "example", 300),
            header=gr.Textbox(
                label=words.HEADER, info=words.HEADER_HELP, type="password", max_lines=1, elem_id="service-header"
            ),
            inner=gr.Checkbox(False, label=words.INNER, info=words.INNER_HELP, elem_id="service-inner"),
        )  # fmt: skip
        button = gr.Button(words.ADD_BUTTON, variant="primary", elem_id="add-service")
        notice = gr.Markdown(elem_id="service-notice", elem_classes="notice")
        added = gr.Markdown(elem_id="service-added", elem_classes="notice")
    return Serving(form, button, notice, added)


def connect(bench: Bench, serving: Serving, revision: gr.State) -> None:
    """Let the form add a service; its secret leaves the page with that."""
    form = serving.form

    @telling(3)
    def add(values: Values) -> list[Any]:
        record = add_service(bench.workspace, form.service(values))
        return ["", str(uuid4()), notices.done(view.added(record))]

    outputs = [serving.notice, form.header, revision, serving.added]
    serving.button.click(add, form.inputs, outputs, show_progress="minimal")


def _line(label: str, info: str, name: str, longest: int) -> gr.Textbox:
    return gr.Textbox(label=label, info=info, max_lines=1, max_length=longest, elem_id=f"service-{name}")
