"""Rows: the examples of a version one by one, to search, change, and keep as the next version."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import gradio as gr

from jobs.intake.comparing import compare
from jobs.intake.editing import edit_dataset
from storage.datasets import Wanted
from storage.errors import NotFound
from storage.records import Dataset, Example, Part
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.pages.telling import telling
from studio.row_form import Pending, RowForm, filled
from studio.views import markdown, notices
from studio.views import rows as view
from studio.wording import rows as words

PER_PAGE = 20
_EDITED = "edited on the page"


@dataclass(frozen=True)
class Sheet:
    """All parts of the page. `drawn` holds the rows shown; `pending` what waits to be kept."""

    version: gr.Dropdown
    search: gr.Textbox
    part: gr.Dropdown
    kind: gr.Dropdown
    start: gr.State
    drawn: gr.State
    heading: gr.Markdown
    before: gr.Button
    after: gr.Button
    editor: gr.Markdown
    form: RowForm
    change: gr.Button
    delete: gr.Button
    new: gr.Button
    pending: gr.State
    waiting: gr.Markdown
    keep: gr.Button
    forget: gr.Button
    notice: gr.Markdown
    done: gr.Markdown
    compared: gr.Markdown
    take_away: gr.Markdown
    place: gr.Column

    @property
    def wanted(self) -> list[Any]:
        """What decides which rows are shown."""
        return [self.version, self.search, self.part, self.kind]

    @property
    def listed(self) -> list[Any]:
        """What `_listed` fills, in its order."""
        return [self.start, self.drawn, self.heading, self.before, self.after]

    @property
    def edited(self) -> list[Any]:
        """What `_edited` fills, in its order."""
        return [self.editor, self.form.number, *self.form.fields, self.delete]

    @property
    def changes(self) -> list[Any]:
        """What `_waiting` fills, in its order."""
        return [self.pending, self.waiting, self.keep, self.forget]

    @property
    def about(self) -> list[Any]:
        """What `_about` fills, in its order."""
        return [self.kind, self.compared, self.take_away]


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to the examples."""
    sheet = _lay_out()
    _browse(bench, sheet)
    _edit(bench, sheet)
    _keep(bench, sheet)

    def opened(request: gr.Request) -> list[Any]:
        asked = request.query_params
        return [*_opened(bench, asked.get("dataset", "")), asked.get("kind", "")]

    # A new row may be wanted for a kind of questions that a way often gets wrong.
    page.load(opened, None, [sheet.version, *sheet.about, *sheet.listed, sheet.form.kind], **QUIET)


def _lay_out() -> Sheet:
    gr.Markdown(f"# {words.TITLE}\n\n{words.INTRO}", elem_classes="page-head")
    with gr.Row():
        version = gr.Dropdown([], label=words.VERSION, interactive=True, elem_id="rows-version", scale=2)
        search = gr.Textbox(label=words.SEARCH, info=words.SEARCH_HELP, max_lines=1, elem_id="rows-search", scale=2)
        parts = [(name, part) for part, name in words.PARTS.items()]
        part = gr.Dropdown(parts, value="", label=words.PART, elem_id="rows-part")
        kind = gr.Dropdown([(words.EVERY_KIND, "")], value="", label=words.KIND, visible=False, elem_id="rows-kind")
    drawn, start, pending = gr.State(()), gr.State(0), gr.State(Pending())
    with gr.Row(elem_classes="halves"):
        with gr.Column(scale=3, min_width=320):
            heading = gr.Markdown(elem_id="rows-heading")
            place = gr.Column(elem_id="rows-list")
            with gr.Row(elem_classes="buttons"):
                before = gr.Button(words.BEFORE, size="sm", visible=False, elem_id="rows-before")
                after = gr.Button(words.AFTER, size="sm", visible=False, elem_id="rows-after")
        with gr.Column(scale=2, min_width=320, elem_classes="staying"):
            editor, form, change, delete, new, notice = _editor()
            waiting = gr.Markdown(words.NO_CHANGES, elem_id="rows-waiting", elem_classes="notice")
            with gr.Row(elem_classes="buttons"):
                keep = gr.Button(words.KEEP, variant="primary", interactive=False, elem_id="rows-keep")
                forget = gr.Button(words.FORGET, size="sm", visible=False, elem_id="rows-forget")
            done = gr.Markdown(elem_id="rows-done", elem_classes="notice", latex_delimiters=[])
            take_away = gr.Markdown(elem_id="rows-take-away")
    with gr.Accordion(words.COMPARE, open=False, elem_id="rows-compare"):
        compared = gr.Markdown(elem_id="rows-compared", elem_classes="scrolled", latex_delimiters=[])
    return Sheet(
        version, search, part, kind, start, drawn, heading, before, after, editor, form, change, delete, new,
        pending, waiting, keep, forget, notice, done, compared, take_away, place,
    )  # fmt: skip


def _editor() -> tuple[gr.Markdown, RowForm, gr.Button, gr.Button, gr.Button, gr.Markdown]:
    with gr.Column(elem_classes="card"):
        heading = gr.Markdown(words.NEW_ROW, elem_id="row-heading", latex_delimiters=[])
        question = gr.Textbox(label=words.QUESTION, lines=2, max_lines=8, elem_id="row-question")
        answer = gr.Textbox(label=words.ANSWER, lines=4, max_lines=16, elem_id="row-answer")
        with gr.Accordion(words.MORE, open=False, elem_id="row-more"):
            instruction = gr.Textbox(label=words.INSTRUCTION, max_lines=4, elem_id="row-instruction")
            context = gr.Textbox(label=words.CONTEXT, max_lines=8, elem_id="row-context")
            kind = gr.Textbox(label=words.ROW_KIND, max_lines=1, max_length=64, elem_id="row-kind")
        with gr.Row(elem_classes="buttons"):
            change = gr.Button(words.CHANGE, size="sm", elem_id="row-change")
            delete = gr.Button(words.DELETE, size="sm", visible=False, elem_id="row-delete")
            new = gr.Button(words.NEW, size="sm", elem_id="row-new")
        notice = gr.Markdown(elem_id="notice", elem_classes="notice")
    return heading, RowForm(gr.State(0), question, answer, instruction, context, kind), change, delete, new, notice


def _browse(bench: Bench, sheet: Sheet) -> None:
    def look(*wanted: str) -> list[Any]:
        return _listed(bench, wanted, 0)

    def turned(step: int) -> Any:
        return lambda start, *wanted: _listed(bench, wanted, start + step * PER_PAGE)

    def other_version(dataset_id: str) -> list[Any]:
        chosen = _dataset(bench, dataset_id)
        return [*_about(bench, chosen), *_listed(bench, (dataset_id, "", "", ""), 0), "", "", *_waiting(Pending())]

    sheet.version.input(
        other_version, sheet.version, [*sheet.about, *sheet.listed, sheet.search, sheet.part, *sheet.changes], **QUIET
    )
    gr.on(
        [sheet.search.submit, sheet.search.blur, sheet.part.input, sheet.kind.input],
        look,
        sheet.wanted,
        sheet.listed,
        **QUIET,
    )
    for button, step in ((sheet.before, -1), (sheet.after, 1)):
        button.click(turned(step), [sheet.start, *sheet.wanted], sheet.listed, **QUIET)


def _edit(bench: Bench, sheet: Sheet) -> None:
    form = sheet.form
    # Not at the page's start, too: what is drawn twice is replaced under the person's hands.
    with sheet.place:

        @gr.render(inputs=sheet.drawn, triggers=[sheet.drawn.change], show_progress="hidden")
        def listed(drawn: Sequence[Example]) -> None:
            for example in drawn:
                with gr.Row(elem_classes="listed", key=f"row-{example.row}"):
                    gr.Markdown(view.line(example), latex_delimiters=[])
                    edit = gr.Button(words.EDIT, size="sm", scale=0, min_width=70, elem_id=f"edit-{example.row}")
                edit.click(
                    lambda pending, shown=example: _edited(pending.edited.get(shown.row, shown)),
                    sheet.pending,
                    sheet.edited,
                    **QUIET,
                )

    @telling(len(sheet.changes) + len(sheet.edited))
    def change(values: dict[Any, Any]) -> list[Any]:
        pending: Pending = values[sheet.pending]
        return [*_waiting(pending.with_row(form.example(values))), *_edited(None)]

    def delete(number: int, pending: Pending) -> list[Any]:
        return [*_waiting(pending.without(number)), *_edited(None)]

    outputs = [*sheet.changes, *sheet.edited]
    sheet.change.click(change, {*form.inputs, sheet.pending}, [sheet.notice, *outputs], **QUIET)
    sheet.delete.click(delete, [form.number, sheet.pending], outputs, **QUIET)
    sheet.new.click(lambda: _edited(None), None, sheet.edited, **QUIET)


def _keep(bench: Bench, sheet: Sheet) -> None:
    outputs = [sheet.notice, sheet.done, sheet.version, *sheet.about, *sheet.listed, *sheet.changes]

    @telling(len(outputs) - 1)
    def keep(dataset_id: str, pending: Pending) -> list[Any]:
        made = edit_dataset(bench.workspace, dataset_id, pending.changes(), _EDITED)
        told = notices.done(words.kept(markdown.plain(made.name), made.version, made.id))
        return [told, *_opened(bench, made.id), *_waiting(Pending())]

    sheet.keep.click(keep, [sheet.version, sheet.pending], outputs, **QUIET)
    sheet.forget.click(lambda: _waiting(Pending()), None, sheet.changes, **QUIET)


def _opened(bench: Bench, wanted: str) -> list[Any]:
    datasets = bench.workspace.datasets.list()
    chosen = _dataset(bench, wanted) or (datasets[0] if datasets else None)
    choices = gr.Dropdown(view.version_choices(datasets), value=chosen.id if chosen else None)
    return [choices, *_about(bench, chosen), *_listed(bench, (chosen.id if chosen else "", "", "", ""), 0)]


def _dataset(bench: Bench, dataset_id: str) -> Dataset | None:
    try:
        return bench.workspace.datasets.get(dataset_id) if dataset_id else None
    except NotFound:
        return None


def _about(bench: Bench, chosen: Dataset | None) -> list[Any]:
    """Return the kinds of a version, how it differs from the one before it, and the links to take it away."""
    if chosen is None:
        return [gr.update(visible=False), "", ""]
    kinds = bench.workspace.datasets.kinds(chosen.id)
    choices = gr.Dropdown(view.kind_choices(kinds), value="", visible=len(kinds) > 1)
    return [choices, _compared(bench, chosen), view.take_away(chosen)]


def _compared(bench: Bench, chosen: Dataset) -> str:
    earlier = [
        one for one in bench.workspace.datasets.list() if (one.name, one.version) < (chosen.name, chosen.version)
    ]
    before = max((one for one in earlier if one.name == chosen.name), key=lambda one: one.version, default=None)
    if before is None:
        return words.FIRST
    examples = bench.workspace.datasets.examples
    return view.compared(compare(examples(before.id), examples(chosen.id)), before)


def _listed(bench: Bench, wanted: Sequence[str | None], start: int) -> list[Any]:
    dataset_id, query, part, kind = wanted
    if not dataset_id:
        return [0, (), words.NO_VERSIONS, gr.update(visible=False), gr.update(visible=False)]
    first = max(0, start)
    looked_for: Wanted = {"query": query or "", "part": cast("Part | None", part or None), "kind": kind or None}
    rows, total = bench.workspace.datasets.page(dataset_id, first, PER_PAGE, **looked_for)
    heading = view.heading(first, len(rows), total)
    return [first, tuple(rows), heading, gr.update(visible=first > 0), gr.update(visible=first + len(rows) < total)]


def _edited(row: Example | None) -> list[Any]:
    return [view.editing(row), row.row if row else 0, *filled(row), gr.update(visible=row is not None)]


def _waiting(pending: Pending) -> list[Any]:
    there = bool(pending.edited or pending.added or pending.deleted)
    told = view.pending(pending.edited, pending.added, pending.deleted)
    return [pending, told, gr.Button(interactive=there), gr.update(visible=there)]
