"""Examples: turn a file into checked pairs of question and answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.intake.columns import ROLES, guess_roles
from jobs.intake.formats import read_table
from jobs.intake.prepare import Prepared, prepare
from jobs.intake.table import Table
from jobs.intake.upload import add_dataset
from jobs.models.conversation import learning
from jobs.retrieval.rows import look_up, looked_up
from storage.errors import NotFound, TooLarge
from storage.records import Dataset
from storage.uploads import shown_name
from studio.bench import Bench
from studio.forms import ColumnsForm, Values
from studio.health import worker_runs
from studio.pages.events import AT_ONCE, LATEST, QUIET
from studio.pages.telling import telling
from studio.views import examples as view
from studio.views import notices
from studio.wording import examples as words

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
    problems: gr.Markdown
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
    notice: gr.Markdown
    kept: gr.Markdown
    reading: gr.Markdown
    start: gr.Markdown
    preview: Preview
    versions: gr.Markdown


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to the intake."""
    sheet = _lay_out()
    _read(bench, sheet)
    _keep(bench, sheet)

    page.load(lambda: _versions(bench), None, sheet.versions, **QUIET)


def _versions(bench: Bench) -> str:
    workspace = bench.workspace
    return view.versions(workspace.datasets.list(), workspace.clock(), looked_up(workspace))


def _lay_out() -> Sheet:
    gr.Markdown(f"# Examples\n\n{words.INTRO}", elem_classes="page-head")
    with gr.Row(elem_classes="examples"):
        with gr.Column(scale=2, min_width=300):
            form, choices, keep, notice, kept = _form()
            reading = gr.Markdown(elem_id="rows-reading", elem_classes="notice", latex_delimiters=[])
        with gr.Column(scale=4, min_width=320):
            start = gr.Markdown(words.START, elem_classes="empty", elem_id="examples-start")
            preview = _preview()
    gr.Markdown(f"## {words.VERSIONS}")
    versions = gr.Markdown(elem_id="versions", elem_classes="scrolled", latex_delimiters=[])
    return Sheet(form, choices, keep, notice, kept, reading, start, preview, versions)


def _form() -> tuple[ColumnsForm, gr.Column, gr.Button, gr.Markdown, gr.Markdown]:
    file = gr.File(label=words.FILE, type="filepath", height=150, elem_id="file")
    notice = gr.Markdown(elem_id="notice", elem_classes="notice")
    with gr.Column(visible=False) as choices:
        columns = {role: _column(role) for role in ROLES[:2]}
        with gr.Accordion(words.OPTIONAL, open=False, elem_id="more-columns"):
            columns |= {role: _column(role) for role in ROLES[2:]}
        hold_out = gr.Slider(
            0, 50, 20, step=5, label=words.HOLD_OUT, info=words.HOLD_OUT_HELP, elem_id="hold-out", buttons=[]
        )
        name = gr.Textbox(label=words.NAME, info=words.NAME_HELP, max_lines=1, max_length=120, elem_id="dataset-name")
        look_up = gr.Checkbox(label=words.LOOK_UP, info=words.LOOK_UP_HELP, elem_id="look-up")
        keep = gr.Button(words.KEEP, variant="primary", elem_id="keep")
    kept = gr.Markdown(elem_id="kept", elem_classes="notice")
    return ColumnsForm(file, columns, hold_out, name, look_up), choices, keep, notice, kept


def _column(role: str) -> gr.Dropdown:
    return gr.Dropdown([], label=words.ROLES[role], info=words.NOT_GUESSED, interactive=True, elem_id=f"column-{role}")


def _preview() -> Preview:
    with gr.Column(visible=False, elem_id="preview") as box:
        headline = gr.Markdown(elem_id="headline", latex_delimiters=[])
        problems = gr.Markdown(elem_id="problems", elem_classes="scrolled", latex_delimiters=[])
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
    return Preview(gr.State(), gr.State(), box, headline, problems, rows, row, again, notice, reads)


def _read(bench: Bench, sheet: Sheet) -> None:
    form, preview = sheet.form, sheet.preview
    filled = [preview.table, *form.columns.values(), form.name, sheet.choices, sheet.start, sheet.keep]
    drawn = [sheet.notice, preview.prepared, preview.box, preview.headline, preview.problems, preview.rows]
    fields = {*form.inputs, preview.table}
    looked = [preview.prepared, preview.row], [preview.notice, preview.reads]
    changes = [form.hold_out.release, *(field.input for field in form.columns.values())]

    prepared, reads = _prepared(sheet), _reads(bench)
    ready = form.file.upload(_table(form), {form.file}, [sheet.notice, *filled], show_progress="minimal")
    ready.success(prepared, fields, drawn, **LATEST).success(reads, *looked, **LATEST)
    gr.on(changes, prepared, fields, drawn, **LATEST).success(reads, *looked, **LATEST)
    gr.on([preview.row.change, preview.again.click], reads, *looked, **LATEST)
    cleared = [sheet.choices, preview.box, sheet.start, sheet.notice, sheet.kept, sheet.reading]
    form.file.clear(_cleared, None, cleared, **AT_ONCE)


def _table(form: ColumnsForm) -> Callable[[Values], list[Any]]:
    @telling(10, failed=[None, *[gr.skip()] * 6, _HIDDEN, _SHOWN, gr.skip()])
    def read(values: Values) -> list[Any]:
        path = form.path(values)
        table = read_table(path, shown_name(path))
        return [table, *_guessed(table), path.stem, _SHOWN, _HIDDEN, gr.Button(interactive=True)]

    return read


def _prepared(sheet: Sheet) -> Callable[[Values], list[Any]]:
    @telling(5, failed=[None, *[gr.skip()] * 4])
    def prepared(values: Values) -> list[Any] | None:
        if values[sheet.preview.table] is None:
            return None
        table, columns = values[sheet.preview.table], sheet.form.chosen(values)
        made = prepare(table, columns, sheet.form.share(values))
        texts = [view.headline(made), view.problems(made.dropped, made.remarked), view.first_rows(table, columns)]
        return [made, _SHOWN, *texts]

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
        path, name, share = form.path(values), form.named(values), form.share(values)
        columns = dict.fromkeys(ROLES, "") | form.chosen(values)
        dataset = add_dataset(bench.workspace, path, path.name, name=name, columns=columns, hold_out=share)
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
