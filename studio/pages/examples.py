"""Examples: turn a file into checked pairs of question and answer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from jobs.intake.checked_for import checked_for
from jobs.intake.columns import ROLES, guess_roles
from jobs.intake.prepare import Prepared, prepare
from jobs.intake.table import Table
from jobs.intake.upload import add_dataset
from jobs.models.choosing import base_model
from jobs.models.conversation import learning
from jobs.retrieval.rows import look_up, looked_up
from storage.errors import NotFound, TooLarge
from storage.records import Dataset
from studio.bench import Bench
from studio.columns_form import ColumnsForm
from studio.forms import Values
from studio.health import worker_runs
from studio.pages import findings, packs
from studio.pages.events import AT_ONCE, LATEST, QUIET
from studio.pages.telling import telling
from studio.views import examples as view
from studio.views import findings as found_view
from studio.views import notices
from studio.wording import examples as words
from studio.wording import findings as found_words

LOOK_EVERY_S = 1.5
_SHOWN, _HIDDEN = gr.update(visible=True), gr.update(visible=False)
_COLOURS = {words.READ: "#AEB6C1", words.LEARNED: "#7CC3B8", words.CUT: "#E8A27F"}


@dataclass(frozen=True)
class Preview:
    """What is shown of a file before it is kept. `table` and `prepared` stay with the page that read the file."""

    table: gr.State
    prepared: gr.State
    box: gr.Column
    headline: gr.Markdown
    found: gr.State
    columns: gr.State
    lengths: gr.Markdown
    rows: gr.Markdown
    row: gr.Number
    again: gr.Button
    notice: gr.Markdown
    reads: gr.HighlightedText


@dataclass(frozen=True)
class Sheet:
    """All parts of the page."""

    form: ColumnsForm
    choices: gr.Column
    keep: gr.Button
    paste: gr.Button
    notice: gr.Markdown
    kept: gr.Markdown
    reading: gr.Markdown
    start: gr.Markdown
    preview: Preview
    versions: gr.Markdown


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to the intake."""
    versions = gr.Markdown(elem_id="versions", elem_classes="scrolled", latex_delimiters=[], render=False)
    sheet = _lay_out(versions, lambda: packs.build(bench, lambda: _versions(bench), versions))
    _read(bench, sheet)
    _keep(bench, sheet)

    page.load(lambda: _versions(bench), None, sheet.versions, **QUIET)


def _versions(bench: Bench) -> str:
    workspace = bench.workspace
    return view.versions(workspace.datasets.list(), workspace.clock(), looked_up(workspace))


def _lay_out(versions: gr.Markdown, example_packs: Callable[[], None]) -> Sheet:
    gr.Markdown(f"# Examples\n\n{words.INTRO}", elem_classes="page-head")
    with gr.Row(elem_classes="examples"):
        with gr.Column(scale=2, min_width=300):
            form, choices, keep, paste, notice, kept = _form()
            reading = gr.Markdown(elem_id="rows-reading", elem_classes="notice", latex_delimiters=[])
        with gr.Column(scale=4, min_width=320):
            start = gr.Markdown(words.START, elem_classes="empty", elem_id="examples-start")
            preview = _preview(form.remedies)
    example_packs()
    gr.Markdown(f"## {words.VERSIONS}\n\n{words.FROM_DOCUMENTS}")
    versions.render()
    return Sheet(form, choices, keep, paste, notice, kept, reading, start, preview, versions)


def _form() -> tuple[ColumnsForm, gr.Column, gr.Button, gr.Button, gr.Markdown, gr.Markdown]:
    file = gr.File(label=words.FILE, type="filepath", height=150, elem_id="file")
    with gr.Accordion(words.PASTE, open=False, elem_id="paste"):
        pasted = gr.Textbox(label=words.PASTE_HELP, lines=4, max_lines=8, elem_id="pasted")
        paste = gr.Button(words.PASTE_READ, size="sm", elem_id="read-pasted", elem_classes="modest")
    notice = gr.Markdown(elem_id="notice", elem_classes="notice")
    with gr.Column(visible=False) as choices:
        sheet = gr.Dropdown([], label=words.SHEET, visible=False, interactive=True, elem_id="sheet")
        columns = {role: _column(role) for role in ROLES[:2]}
        with gr.Accordion(words.OPTIONAL, open=False, elem_id="more-columns"):
            gr.Markdown(words.JOIN_HELP, elem_classes="quiet")
            columns |= {role: _column(role) for role in ROLES[2:]}
        hold_out = gr.Slider(
            0, 50, 20, step=5, label=words.HOLD_OUT, info=words.HOLD_OUT_HELP, elem_id="hold-out", buttons=[]
        )
        name = gr.Textbox(label=words.NAME, info=words.NAME_HELP, max_lines=1, max_length=120, elem_id="dataset-name")
        look_up = gr.Checkbox(label=words.LOOK_UP, info=words.LOOK_UP_HELP, elem_id="look-up")
        keep = gr.Button(words.KEEP, variant="primary", elem_id="keep")
    kept = gr.Markdown(elem_id="kept", elem_classes="notice")
    form = ColumnsForm(file, pasted, sheet, columns, hold_out, name, look_up, gr.State({}))
    return form, choices, keep, paste, notice, kept


def _column(role: str) -> gr.Dropdown:
    return gr.Dropdown(
        [], label=words.ROLES[role], info=words.NOT_GUESSED, interactive=True, allow_custom_value=True,
        elem_id=f"column-{role}",
    )  # fmt: skip


def _preview(remedies: gr.State) -> Preview:
    table, columns = gr.State(), gr.State({})
    with gr.Column(visible=False, elem_id="preview") as box:
        headline = gr.Markdown(elem_id="headline", latex_delimiters=[])
        found = findings.lay_out(table, columns, remedies)
        with gr.Accordion(found_words.LENGTHS, open=False, elem_id="row-lengths"):
            lengths = gr.Markdown(elem_classes="scrolled", elem_id="lengths")
        gr.Markdown(f"## {words.FIRST_ROWS}")
        rows = gr.Markdown(elem_id="first-rows", elem_classes="scrolled", latex_delimiters=[])
        gr.Markdown(f"## {words.READS}\n\n{words.READS_HELP}")
        with gr.Row(elem_classes="reads-row"):
            row = gr.Number(1, label=words.READS_ROW, precision=0, scale=0, min_width=110, elem_id="reads-row")
            again = gr.Button(words.READS_AGAIN, size="sm", scale=0, min_width=130, elem_id="reads-again")
        notice = gr.Markdown(elem_id="reads-notice", elem_classes="notice")
        reads = gr.HighlightedText(
            label=words.READS, show_legend=True, show_inline_category=False, color_map=_COLOURS, elem_id="reads"
        )
    shown = box, headline, found, columns, lengths, rows, row, again, notice, reads
    return Preview(table, gr.State(), *shown)


def _read(bench: Bench, sheet: Sheet) -> None:
    form, preview = sheet.form, sheet.preview
    filled = [preview.table, form.sheet, *form.columns.values(), form.remedies, form.name]
    filled += [sheet.choices, sheet.start, sheet.keep]
    drawn = [sheet.notice, preview.prepared, preview.box, preview.headline, preview.columns, preview.found]
    drawn += [preview.lengths, preview.rows]
    fields = {*form.inputs, preview.table}
    looked = [preview.prepared, preview.row], [preview.notice, preview.reads]
    changes = [form.hold_out.release, form.remedies.change, *(field.input for field in form.columns.values())]

    prepared, reads = _prepared(bench, sheet), _reads(bench)
    for brought in (form.file.upload, sheet.paste.click, form.sheet.input):
        anew = brought is not form.sheet.input
        ready = brought(_table(form, anew=anew), form.inputs, [sheet.notice, *filled], show_progress="minimal")
        ready.success(prepared, fields, drawn, **LATEST).success(reads, *looked, **LATEST)
    gr.on(changes, prepared, fields, drawn, **LATEST).success(reads, *looked, **LATEST)
    gr.on([preview.row.change, preview.again.click], reads, *looked, **LATEST)
    cleared = [sheet.choices, preview.box, sheet.start, sheet.notice, sheet.kept, sheet.reading]
    form.file.clear(_cleared, None, cleared, **AT_ONCE)


def _table(form: ColumnsForm, *, anew: bool) -> Callable[[Values], list[Any]]:
    """Return what reads the table that was brought; `anew` the first of its sheets, else the one chosen."""

    @telling(14, failed=[None, *[gr.skip()] * 10, _HIDDEN, _SHOWN, gr.skip()])
    def read(values: Values) -> list[Any]:
        table = form.table(values, None if anew else form.chosen_sheet(values))
        sheets = gr.Dropdown(table.sheets, value=table.sheet or None, visible=len(table.sheets) > 1)
        with form.brought(values) as (_, name):
            called = Path(name).stem
        return [table, sheets, *_guessed(table), {}, called, _SHOWN, _HIDDEN, gr.Button(interactive=True)]

    return read


def _prepared(bench: Bench, sheet: Sheet) -> Callable[[Values], list[Any]]:
    settings = bench.workspace.settings

    @telling(7, failed=[None, *[gr.skip()] * 6])
    def prepared(values: Values) -> list[Any] | None:
        if values[sheet.preview.table] is None:
            return None
        table, columns = values[sheet.preview.table], sheet.form.chosen(values)
        checking = checked_for(settings, sheet.form.chosen_remedies(values))
        made = prepare(table, columns, sheet.form.share(values), **checking)
        lengths = found_view.lengths(made.lengths, base_model(settings))
        return [made, _SHOWN, view.headline(made), columns, made.findings, lengths, view.first_rows(table, columns)]

    return prepared


def _reads(bench: Bench) -> Callable[[Prepared, float | None], list[Any]]:
    @telling(1)
    def reads(made: Prepared | None, row: float | None) -> list[Any] | None:
        if made is None:
            return None
        example = next((one for one in made.examples if one.row == int(row or 1)), None)
        return [view.read_by_model(bench.door.render(learning(example))) if example else view.not_read(int(row or 1))]

    return reads


def _cleared() -> list[Any]:
    return [_HIDDEN, _HIDDEN, _SHOWN, "", "", ""]


def _guessed(table: Table) -> list[Any]:
    guesses = guess_roles(table)
    chosen, reasons = view.chosen(guesses), view.reasons(guesses)
    return [
        gr.Dropdown(view.column_choices(table, role), value=chosen[role] or None, info=reasons[role]) for role in ROLES
    ]


def _keep(bench: Bench, sheet: Sheet) -> None:
    form, reads, timer = sheet.form, gr.State(""), gr.Timer(LOOK_EVERY_S, active=False)

    @telling(6)
    def keep(values: Values) -> list[Any]:
        columns = dict.fromkeys(ROLES, "") | form.chosen(values)
        with form.brought(values) as (path, shown):
            dataset = add_dataset(
                bench.workspace,
                path,
                shown,
                name=form.named(values),
                columns=columns,
                hold_out=form.share(values),
                sheet=form.chosen_sheet(values),
                remedies=form.chosen_remedies(values),
            )
        reading = _looking_up(bench, dataset) if form.looked_up(values) else ["", "", gr.Timer(active=False)]
        return [notices.done(view.kept(dataset)), *reading, _versions(bench), gr.Button(interactive=False)]

    def look(job_id: str) -> list[Any]:
        return [*_standing(bench, job_id), _versions(bench)]

    shown = [sheet.reading, reads, timer, sheet.versions]
    sheet.keep.click(keep, form.inputs, [sheet.notice, sheet.kept, *shown, sheet.keep], show_progress="minimal")
    timer.tick(look, reads, shown, **QUIET)


def _looking_up(bench: Bench, dataset: Dataset) -> list[Any]:
    try:
        return _standing(bench, look_up(bench.queue, dataset).id)
    except TooLarge as error:
        return [notices.failed(error), "", gr.Timer(active=False)]


def _standing(bench: Bench, job_id: str) -> list[Any]:
    """Return how the reading stands, the job to look at, and whether to look again."""
    try:
        job = bench.queue.get(job_id)
    except NotFound:
        return ["", "", gr.Timer(active=False)]
    working = job.state.final or worker_runs(bench.workspace.settings)
    return [view.looking_up(job, working), job_id, gr.Timer(active=not job.state.final)]
