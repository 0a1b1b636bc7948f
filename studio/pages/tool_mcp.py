"""The part of Tools that adds tools of an MCP server: look, tick, approve; and approve anew what its server changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.tools.mcp.adding import Terms, add_tools, approve_anew, look
from jobs.tools.mcp.changing import standing
from jobs.tools.mcp.offered import Offered
from storage.records import ToolRecord
from studio.bench import Bench
from studio.forms import Values
from studio.mcp_form import McpForm
from studio.pages import confirming
from studio.pages.events import AT_ONCE
from studio.pages.telling import telling
from studio.views import mcp as view
from studio.wording import mcp as words
from studio.wording import services as serving


@dataclass(frozen=True)
class Looked:
    """What was read last, and under which terms, without the secret: this is what ticks approve."""

    terms: Terms
    offered: Sequence[Offered]


@dataclass(frozen=True)
class Offering:
    """The form that makes tools of a server; `looked` is what was read last, None before."""

    form: McpForm
    looked: gr.State
    look: gr.Button
    notice: gr.Markdown
    more: gr.Column
    found: gr.Markdown
    refused: gr.Markdown
    button: gr.Button
    added: gr.Markdown


def lay_out() -> Offering:
    """Lay out the form; what to tick is hidden until a server was looked at."""
    with gr.Accordion(words.ADD, open=False, elem_id="add-a-server"):
        gr.Markdown(words.HELP)
        fields = _place()
        look_at = gr.Button(words.LOOK, size="sm", elem_id="look-at-server", elem_classes="modest")
        notice = gr.Markdown(elem_id="mcp-notice", elem_classes="notice")
        with gr.Column(visible=False) as more:
            found = gr.Markdown(elem_id="mcp-found", latex_delimiters=[])
            with gr.Accordion(words.WHY_NOT, open=False, elem_id="mcp-why"):
                refused = gr.Markdown(elem_id="mcp-refused", latex_delimiters=[])
            ticked = gr.CheckboxGroup([], label=words.TOOLS, info=words.TOOLS_HELP, elem_id="mcp-tools")
            questions = gr.Textbox(
                label=words.QUESTIONS, info=words.QUESTIONS_HELP, lines=2, max_length=40_000, elem_id="mcp-questions"
            )
            button = gr.Button(words.ADD_BUTTON, variant="primary", elem_id="approve-tools")
        added = gr.Markdown(elem_id="mcp-added", elem_classes="notice")
    form = McpForm(**fields, ticked=ticked, questions=questions)
    return Offering(form, gr.State(None), look_at, notice, more, found, refused, button, added)


def _place() -> dict[str, Any]:
    return {
        "name": gr.Textbox(label=words.NAME, info=words.NAME_HELP, max_lines=1, max_length=40, elem_id="mcp-name"),
        "address": gr.Textbox(
            label=words.ADDRESS, info=words.ADDRESS_HELP, max_lines=1, max_length=2_000, elem_id="mcp-address"
        ),
        "header": gr.Textbox(
            label=words.HEADER, info=words.HEADER_HELP, type="password", max_lines=1, elem_id="mcp-header"
        ),
        "inner": gr.Checkbox(False, label=serving.INNER, info=serving.INNER_HELP, elem_id="mcp-inner"),
    }


def connect(bench: Bench, offering: Offering, revision: gr.State) -> None:
    """Let the form look at a server and approve what is ticked of it; the secret leaves the page with that."""
    form, workspace = offering.form, bench.workspace

    @telling(7, failed=[None, *[gr.skip()] * 4, gr.update(visible=False), gr.skip()])
    def look_at(values: Values) -> list[Any]:
        terms = form.terms(values)
        offered = look(workspace, terms)
        known = standing(workspace, terms.name, offered)
        told = [view.found(terms.name, offered, known), view.why_not(offered)]
        ticks = gr.CheckboxGroup(view.choices(offered, known), value=[])
        return [Looked(replace(terms, secret=""), offered), *told, ticks, "", gr.update(visible=True), str(uuid4())]

    @telling(1)
    def tick(values: Values) -> list[Any] | None:
        looked: Looked | None = values[offering.looked]
        if looked is None:
            return None
        known = standing(workspace, looked.terms.name, looked.offered)
        return [view.question_lines(known, form.chosen(values), form.said(values))]

    @telling(5)
    def add(values: Values) -> list[Any] | None:
        looked: Looked | None = values[offering.looked]
        if looked is None:
            return None
        terms = form.asked(values, looked.terms)
        made = add_tools(workspace, terms, looked.offered, form.chosen(values))
        known = standing(workspace, terms.name, looked.offered)
        ticks = gr.CheckboxGroup(view.choices(looked.offered, known), value=[])
        return ["", ticks, "", str(uuid4()), view.added(made)]

    inputs: set[Any] = {*form.inputs, offering.looked}
    shown = [offering.found, offering.refused, form.ticked, form.questions, offering.more, revision]
    offering.look.click(look_at, form.inputs, [offering.notice, offering.looked, *shown], show_progress="minimal")
    form.ticked.input(tick, inputs, [offering.notice, form.questions], **AT_ONCE)
    outputs = [offering.notice, form.header, form.ticked, form.questions, revision, offering.added]
    offering.button.click(add, inputs, outputs, show_progress="minimal")


def approvable(bench: Bench, record: ToolRecord, revision: gr.State, notice: gr.Markdown) -> None:
    """Lay out the button that approves a changed tool as its card describes the change."""

    # What changed meanwhile is to be read, so the list is drawn anew then, too.
    @telling(1, failed=[str(uuid4())])
    def approve() -> list[Any]:
        approve_anew(bench.workspace, record)
        return [str(uuid4())]

    button = gr.Button(words.ANEW, size="sm", elem_id=f"anew-{record.name}", elem_classes="modest")
    sure = confirming.question(words.SURE_ANEW, words.YES_ANEW, words.NO_ANEW, f"anew-{record.name}")
    confirming.Confirmed(button, *sure).then(approve, None, [notice, revision])
