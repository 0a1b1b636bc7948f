"""The part of Tools that adds a database: look inside, tick what may be read, add."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.tools.database.adding import add_database
from jobs.tools.registry import Registry
from studio.bench import Bench
from studio.database_form import DatabaseForm
from studio.forms import Values
from studio.pages.events import AT_ONCE
from studio.pages.telling import telling
from studio.views import databases as view
from studio.views import notices
from studio.wording import databases as words

_LONGEST_WORDS = 8_000


@dataclass(frozen=True)
class Asking:
    """The form that makes a tool of a database."""

    form: DatabaseForm
    look: gr.Button
    more: gr.Column
    button: gr.Button
    notice: gr.Markdown
    added: gr.Markdown


def lay_out() -> Asking:
    """Lay out the form; what to tick is hidden until the database was looked into."""
    with gr.Accordion(words.ADD, open=False, elem_id="add-a-database"):
        gr.Markdown(words.HELP)
        file = gr.File(label=words.FILE, height=150, elem_id="database-file")
        address = gr.Textbox(
            label=words.ADDRESS, info=words.ADDRESS_HELP, type="password", max_lines=1, elem_id="database-address"
        )
        look = gr.Button(words.LOOK, size="sm", elem_id="look-inside", elem_classes="modest")
        notice = gr.Markdown(elem_id="database-notice", elem_classes="notice")
        with gr.Column(visible=False) as more:
            tables = gr.CheckboxGroup([], label=words.TABLES, elem_id="database-tables")
            columns = gr.CheckboxGroup([], label=words.COLUMNS, elem_id="database-columns")
            name = gr.Textbox(
                label=words.NAME, info=words.NAME_HELP, max_lines=1, max_length=60, elem_id="database-name"
            )
            said = gr.Textbox(
                label=words.OWN_WORDS, info=words.OWN_WORDS_HELP, lines=3, max_length=_LONGEST_WORDS,
                elem_id="database-words",
            )  # fmt: skip
            button = gr.Button(words.ADD_BUTTON, variant="primary", elem_id="add-database")
        added = gr.Markdown(elem_id="database-added", elem_classes="notice")
    return Asking(DatabaseForm(file, address, tables, columns, name, said), look, more, button, notice, added)


def connect(bench: Bench, asking: Asking, revision: gr.State) -> None:
    """Let the form look into a database and add it."""
    form = asking.form

    @telling(3, failed=[gr.skip(), gr.skip(), gr.update(visible=False)])
    def look(values: Values) -> list[Any]:
        tables = list(form.source(values).described().tables)
        return [gr.CheckboxGroup(tables, value=[]), gr.CheckboxGroup([], value=[]), gr.update(visible=True)]

    @telling(1)
    def tick(values: Values) -> list[Any]:
        shape = form.source(values).described()
        labels = [column.label for table in form.tables_chosen(values) for column in shape.of(table)]
        return [gr.CheckboxGroup(labels, value=labels)]

    @telling(5)
    def add(values: Values) -> list[Any]:
        ticked, said = form.ticked(values), form.said(values)
        record = add_database(bench.workspace, form.named(values), form.source(values), ticked, said)
        title = Registry(bench.workspace).get(record.name).title
        return [None, "", gr.update(visible=False), str(uuid4()), notices.done(view.added(record, title))]

    asking.look.click(look, form.inputs, [asking.notice, form.tables, form.columns, asking.more], **AT_ONCE)
    form.tables.input(tick, form.inputs, [asking.notice, form.columns], **AT_ONCE)
    outputs = [asking.notice, form.file, form.address, asking.more, revision, asking.added]
    asking.button.click(add, form.inputs, outputs, show_progress="minimal")
