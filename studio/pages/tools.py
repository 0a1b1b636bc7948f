"""Tools: what the model may do while it answers."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.intake.formats import read_table
from jobs.removing.things import Removing
from jobs.tools.registry import Registry, try_tool
from jobs.tools.tables import add_table
from jobs.tools.tool import Tool
from storage.records import Permission, ToolRecord
from storage.uploads import shown_name
from studio.bench import Bench
from studio.forms import TableForm, ToolForm, Values, tool_fields
from studio.pages import confirming, tool_database, tool_mcp, tool_openapi, tool_practice, tool_service
from studio.pages.events import AT_ONCE, QUIET
from studio.pages.telling import telling
from studio.views import notices
from studio.views import tools as view
from studio.wording import tools as words


@dataclass(frozen=True)
class Adding:
    """The form that makes a tool of a table."""

    form: TableForm
    more: gr.Column
    button: gr.Button
    notice: gr.Markdown
    added: gr.Markdown


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to the registry."""
    gr.Markdown(f"# Tools\n\n{words.INTRO}", elem_classes="page-head")
    revision = gr.State("")
    with gr.Row(elem_classes="halves"):
        with gr.Column(scale=3, min_width=320):
            notice = gr.Markdown(elem_id="notice", elem_classes="notice")
            _list(bench, revision, notice)
        with gr.Column(scale=2, min_width=300):
            adding = _lay_out_adding()
            asking = tool_database.lay_out()
            serving = tool_service.lay_out()
            taking = tool_openapi.lay_out()
            offering = tool_mcp.lay_out()
            practice = tool_practice.lay_out()
    _add(bench, adding, revision)
    tool_database.connect(bench, asking, revision)
    tool_service.connect(bench, serving, revision)
    tool_openapi.connect(bench, taking, revision)
    tool_practice.connect(bench, practice)
    tool_mcp.connect(bench, offering, revision)
    page.load(lambda: str(uuid4()), None, revision, **QUIET)


def _list(bench: Bench, revision: gr.State, notice: gr.Markdown) -> None:
    # Only then: drawn anew by itself, too, it would take away what a person has just unfolded.
    @gr.render(inputs=revision, triggers=[revision.change], show_progress="hidden")
    def listed(_revision: str) -> None:
        registry = Registry(bench.workspace)
        kept = {record.name: record for record in bench.workspace.tools.list()}
        for tool in registry.all():
            with gr.Column(elem_classes="card tool", elem_id=f"tool-{tool.name}"):
                _tool(bench, tool, kept.get(tool.name), notice)
                if tool.name in kept and kept[tool.name].config.get("now"):
                    tool_mcp.approvable(bench, kept[tool.name], revision, notice)
                if tool.name in kept and kept[tool.name].kind in words.REMOVE:
                    _removable(bench, kept[tool.name], revision, notice)


def _tool(bench: Bench, tool: Tool, record: ToolRecord | None, notice: gr.Markdown) -> None:
    registry = Registry(bench.workspace)
    gr.Markdown(view.line(tool, record, bench.workspace.clock()), latex_delimiters=[])
    may_run = gr.Radio(
        view.permission_choices(tool), value=str(tool.permission), label=words.MAY_RUN, interactive=True,
        info=words.ACTS_HELP if tool.effect == "acts" else words.READS_HELP, elem_id=f"may-run-{tool.name}",
    )  # fmt: skip
    with gr.Accordion(words.TRY, open=False, elem_id=f"try-{tool.name}"):
        form = ToolForm(tool_fields(tool.schema, tool.name, dict(tool.examples[0][1]) if tool.examples else {}))
        run = gr.Button(words.RUN, size="sm", elem_id=f"run-{tool.name}", elem_classes="modest")
        sure = confirming.question(words.SURE_RUN, words.YES_RUN, words.NO_RUN, f"run-{tool.name}")
        fault = gr.Markdown(elem_classes="notice")
        result = gr.Markdown(elem_id=f"result-{tool.name}", latex_delimiters=[])

    @telling(0)
    def allow(chosen: str) -> list[Any]:
        registry.set_permission(tool.name, Permission(chosen))
        return []

    @telling(1)
    def tried(values: Values) -> list[Any]:
        return [view.called(try_tool(registry, tool.name, form.arguments(values)))]

    may_run.input(allow, may_run, [notice], **AT_ONCE)
    if tool.effect == "acts":
        confirming.Confirmed(run, *sure).then(tried, form.inputs, [fault, result])
    else:
        run.click(tried, form.inputs, [fault, result], **QUIET)


def _removable(bench: Bench, record: ToolRecord, revision: gr.State, notice: gr.Markdown) -> None:
    name = record.name

    @telling(1)
    def remove() -> list[Any]:
        Removing(bench.workspace, bench.queue).tool(name)
        return [str(uuid4())]

    button = gr.Button(words.REMOVE[record.kind], size="sm", elem_id=f"remove-{name}", elem_classes="modest")
    sure = confirming.question(words.SURE[record.kind], words.YES, words.NO, f"remove-{name}")
    confirming.Confirmed(button, *sure).then(remove, None, [notice, revision])


def _lay_out_adding() -> Adding:
    gr.Markdown(f"## {words.ADD}\n\n{words.ADD_HELP}")
    file = gr.File(label=words.FILE, height=150, elem_id="table-file")
    notice = gr.Markdown(elem_id="table-notice", elem_classes="notice")
    with gr.Column(visible=False) as more:
        key = gr.Dropdown([], label=words.KEY, info=words.KEY_HELP, interactive=True, elem_id="table-key")
        name = gr.Textbox(label=words.NAME, info=words.NAME_HELP, max_lines=1, max_length=60, elem_id="table-name")
        button = gr.Button(words.ADD_BUTTON, variant="primary", elem_id="add-table")
    added = gr.Markdown(elem_id="table-added", elem_classes="notice")
    return Adding(TableForm(file, key, name), more, button, notice, added)


def _add(bench: Bench, adding: Adding, revision: gr.State) -> None:
    form = adding.form

    @telling(3, failed=[gr.skip(), gr.skip(), gr.update(visible=False)])
    def read(values: Values) -> list[Any]:
        path = form.path(values)
        table = read_table(path, shown_name(path))
        key, reason = view.likely_key(table)
        return [gr.Dropdown(table.columns, value=key, info=reason), path.stem, gr.update(visible=True)]

    @telling(4)
    def add(values: Values) -> list[Any]:
        path = form.path(values)
        record = add_table(bench.workspace, form.named(values), path, shown_name(path), form.chosen(values))
        title = Registry(bench.workspace).get(record.name).title
        return [None, gr.update(visible=False), str(uuid4()), notices.done(view.added(record, title))]

    outputs = [adding.notice, form.file, adding.more, revision, adding.added]
    form.file.upload(read, form.inputs, [adding.notice, form.key, form.name, adding.more], show_progress="minimal")
    form.file.clear(lambda: gr.update(visible=False), None, adding.more, **AT_ONCE)
    adding.button.click(add, form.inputs, outputs, show_progress="minimal")
