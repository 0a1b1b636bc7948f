"""Documents: facts that are looked up before answering."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.removing.things import Removing
from jobs.retrieval.search import search
from storage.errors import Missing
from storage.records import Document, Job, JobState
from storage.uploads import keep_upload, shown_name
from studio.bench import Bench
from studio.forms import FilesForm, SearchForm, Values
from studio.health import worker_runs
from studio.pages import confirming
from studio.pages.events import QUIET
from studio.pages.telling import telling
from studio.views import documents as view
from studio.wording import documents as words

LOOK_EVERY_S = 1.5
_LATELY_S = 15 * 60


@dataclass(frozen=True)
class Sheet:
    """All parts of the page. `revision` changes whenever the list has to be drawn anew."""

    form: FilesForm
    notice: gr.Markdown
    reading: gr.Markdown
    revision: gr.State
    search: SearchForm
    find: gr.Button
    search_notice: gr.Markdown
    found: gr.Markdown


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to the queue and the search."""
    sheet = _lay_out(bench)
    _add(bench, sheet)
    _find(bench, sheet)

    def draw(seen: str) -> list[Any]:
        job = _lately(bench)
        revision = _revision(bench, job)
        return [_reading(bench, job), gr.skip() if revision == seen else revision]

    shown = [sheet.reading, sheet.revision]
    page.load(lambda: str(uuid4()), None, sheet.form.key, **QUIET)
    page.load(draw, sheet.revision, shown, **QUIET)
    gr.Timer(LOOK_EVERY_S).tick(draw, sheet.revision, shown, **QUIET)


def _lay_out(bench: Bench) -> Sheet:
    gr.Markdown(f"# Documents\n\n{words.INTRO}", elem_classes="page-head")
    revision = gr.State("")
    with gr.Row(elem_classes="halves"):
        with gr.Column(min_width=320):
            files = gr.File(
                label=words.FILES,
                file_count="multiple",
                height=150,
                elem_id="files",
            )
            notice = gr.Markdown(elem_id="notice", elem_classes="notice")
            reading = gr.Markdown(elem_id="reading", elem_classes="notice", latex_delimiters=[])
            _list(bench, revision, notice)
        with gr.Column(min_width=320):
            search, find, search_notice, found = _search()
    form = FilesForm(files, gr.State(""))
    return Sheet(form, notice, reading, revision, search, find, search_notice, found)


def _search() -> tuple[SearchForm, gr.Button, gr.Markdown, gr.Markdown]:
    gr.Markdown(f"## {words.SEARCH}\n\n{words.SEARCH_HELP}")
    with gr.Row(elem_classes="ask-row", equal_height=True):
        question = gr.Textbox(label=words.QUESTION, max_lines=3, scale=4, elem_id="search-question")
        most = gr.Number(
            3, label=words.HOW_MANY, precision=0, minimum=1, maximum=10, scale=0, min_width=100, elem_id="most"
        )
        find = gr.Button(words.FIND, scale=0, min_width=100, elem_id="search")
    notice = gr.Markdown(elem_id="search-notice", elem_classes="notice")
    found = gr.Markdown(elem_id="found", latex_delimiters=[])
    return SearchForm(question, most), find, notice, found


def _add(bench: Bench, sheet: Sheet) -> None:
    @telling(3)
    def add(values: Values) -> list[Any]:
        kept = tuple((keep_upload(bench.workspace, path), shown_name(path)) for path in sheet.form.paths(values))
        bench.queue.enqueue(sheet.form.request(kept, collection_of(bench)), sheet.form.idem_key(values))
        return [None, str(uuid4()), _reading(bench, _lately(bench))]

    sheet.form.files.upload(
        add, sheet.form.inputs, [sheet.notice, sheet.form.files, sheet.form.key, sheet.reading], **QUIET
    )


def _find(bench: Bench, sheet: Sheet) -> None:
    @telling(1)
    def find(values: Values) -> list[Any]:
        question, most = sheet.search.asked(values)
        if not _documents(bench):
            raise Missing(words.EMPTY, "Add a document first.")
        return [view.found(search(bench.workspace.collections, bench.door, collection_of(bench), question, most))]

    pressed = [sheet.find.click, sheet.search.question.submit]
    gr.on(pressed, find, sheet.search.inputs, [sheet.search_notice, sheet.found], show_progress="minimal")


def _list(bench: Bench, revision: gr.State, notice: gr.Markdown) -> None:
    @gr.render(inputs=revision, show_progress="hidden")
    def listed(_revision: str) -> None:
        documents = _documents(bench)
        gr.Markdown(view.heading(documents), elem_id="documents-head")
        for number, document in enumerate(documents, 1):
            with gr.Row(elem_classes="listed", key=f"document-{document.id}"):
                gr.Markdown(view.line(document, bench.workspace.clock()), latex_delimiters=[])
                button = gr.Button(words.REMOVE, size="sm", scale=0, min_width=90, elem_id=f"remove-{number}")
            sure = confirming.question(words.SURE, words.YES, words.NO, f"remove-{number}")
            confirming.Confirmed(button, *sure).then(_removing(bench, document), revision, [notice, revision])


def _removing(bench: Bench, document: Document) -> Any:
    @telling(1)
    def remove(_seen: str) -> list[Any]:
        Removing(bench.workspace, bench.queue).document(collection_of(bench), document)
        return [_revision(bench, _lately(bench))]

    return remove


def collection_of(bench: Bench) -> str:
    """Return the collection that the page works with: the newest, or the first one to be made."""
    kept = bench.workspace.collections.list()
    return kept[0].name if kept else words.DEFAULT


def _documents(bench: Bench) -> Sequence[Document]:
    kept = bench.workspace.collections.list()
    return bench.workspace.collections.documents(kept[0].name) if kept else []


def _reading(bench: Bench, job: Job | None) -> str:
    waits = job is not None and job.state is JobState.QUEUED
    return view.reading(job, working=not waits or worker_runs(bench.workspace.settings))


def _lately(bench: Bench) -> Job | None:
    """Return the newest reading that goes on or has ended a while ago."""
    newest = next(iter(bench.queue.list("index", 1)), None)
    if newest is None or not newest.state.final:
        return newest
    return newest if bench.workspace.clock() - (newest.finished_at or 0) < _LATELY_S else None


def _revision(bench: Bench, job: Job | None) -> str:
    kept = bench.workspace.collections.list()
    return f"{kept[0].id} {kept[0].index_version}" if kept else f"none {job.state if job else ''}"
