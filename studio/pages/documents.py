"""Documents: facts that are looked up before answering."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.removing.things import Removing
from jobs.retrieval.editing import is_editable
from jobs.retrieval.renewing import renew
from jobs.retrieval.rows import looked_up, same_rows_as
from jobs.retrieval.search import Place, search_within
from storage.errors import Missing, ModelUnavailable, NotFound
from storage.records import Dataset, Document, Job, JobState
from storage.uploads import keep_upload, shown_name
from studio.bench import Bench
from studio.forms import FilesForm, SearchForm, Values
from studio.health import worker_runs
from studio.pages import (
    confirming,
    document_cutting,
    document_editor,
    document_filter,
    document_missed,
    document_threshold,
    document_web,
)
from studio.pages.events import QUIET
from studio.pages.telling import telling
from studio.views import documents as view
from studio.wording import documents as words
from studio.wording import drafts, web_pages

LOOK_EVERY_S = 1.5
_LATELY_S = 15 * 60


@dataclass(frozen=True)
class Sheet:
    """All parts of the page. `drawn` changes whenever the list has to be drawn anew; it begins with what is shown."""

    form: FilesForm
    notice: gr.Markdown
    reading: gr.Markdown
    drawn: gr.State
    search: SearchForm
    find: gr.Button
    search_notice: gr.Markdown
    found: gr.Markdown
    missed: document_missed.Missed
    only: document_filter.Filter
    web: document_web.Fetching

    @property
    def shown(self) -> list[Any]:
        """What `_drawn` fills, in its order."""
        return [self.reading, self.drawn, self.form.collection]


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to the queue and the search."""
    sheet = _lay_out(bench)
    _add(bench, sheet)
    _fetch(bench, sheet)
    _find(bench, sheet)
    document_missed.connect(bench, sheet.missed, sheet.search)

    def opened(request: gr.Request) -> list[Any]:
        return _drawn(bench, request.query_params.get("collection", ""), ())

    def allowed(shown: tuple[Any, ...], *chosen: Sequence[str] | None) -> list[Any]:
        return document_filter.offered(_documents(bench, str(shown[0])), chosen)

    def renewed() -> None:
        with suppress(ModelUnavailable):
            renew(bench.workspace, bench.queue, bench.door)

    def chosen(collection: str | None, seen: tuple[Any, ...]) -> list[Any]:
        # Not before the page's own start has drawn the list.
        return _drawn(bench, collection or "", seen) if seen else [gr.skip() for _ in sheet.shown]

    def look(seen: tuple[Any, ...]) -> list[Any]:
        # What the browser has chosen may be out of date: it is told of another collection while this look comes in.
        return chosen(str(seen[0]) if seen else None, seen)

    page.load(lambda: str(uuid4()), None, sheet.form.key, **QUIET)
    page.load(opened, None, sheet.shown, **QUIET)
    page.load(renewed, None, None, **QUIET)
    sheet.drawn.change(allowed, [sheet.drawn, *sheet.only.filled], sheet.only.filled, **QUIET)
    sheet.form.collection.input(chosen, [sheet.form.collection, sheet.drawn], sheet.shown, **QUIET)
    gr.Timer(LOOK_EVERY_S).tick(look, sheet.drawn, sheet.shown, **QUIET)


def _lay_out(bench: Bench) -> Sheet:
    gr.Markdown(f"# Documents\n\n{words.INTRO}", elem_classes="page-head")
    drawn = gr.State(())
    with gr.Row(elem_classes="halves"):
        with gr.Column(min_width=320):
            collection = gr.Dropdown(
                [], label=words.COLLECTION, info=words.COLLECTION_HELP, visible=False, interactive=True,
                elem_id="collection",
            )  # fmt: skip
            files = gr.File(
                label=words.FILES,
                file_count="multiple",
                height=150,
                elem_id="files",
            )
            web = document_web.lay_out()
            notice = gr.Markdown(elem_id="notice", elem_classes="notice")
            reading = gr.Markdown(elem_id="reading", elem_classes="notice", latex_delimiters=[])
            editor = document_editor.lay_out()
            told = document_threshold.Told(
                notice, editor.told, drawn, lambda shown: _revision(bench, shown, _lately(bench))
            )
            _list(bench, told, editor)
            document_editor.connect(bench, editor, drawn, told.revise)
        with gr.Column(min_width=320):
            search, only, find, search_notice, found = _search(collection)
            missed = document_missed.lay_out()
    form = FilesForm(files, collection, gr.State(""))
    return Sheet(form, notice, reading, drawn, search, find, search_notice, found, missed, only, web)


def _search(
    collection: gr.Dropdown,
) -> tuple[SearchForm, document_filter.Filter, gr.Button, gr.Markdown, gr.Markdown]:
    gr.Markdown(f"## {words.SEARCH}\n\n{words.SEARCH_HELP}")
    with gr.Row(elem_classes="ask-row", equal_height=True):
        question = gr.Textbox(label=words.QUESTION, max_lines=3, scale=4, elem_id="search-question")
        most = gr.Number(
            3, label=words.HOW_MANY, precision=0, minimum=1, maximum=10, scale=0, min_width=100, elem_id="most"
        )
        find = gr.Button(words.FIND, scale=0, min_width=100, elem_id="search")
    only = document_filter.lay_out()
    notice = gr.Markdown(elem_id="search-notice", elem_classes="notice")
    found = gr.Markdown(elem_id="found", latex_delimiters=[])
    return SearchForm(question, most, collection), only, find, notice, found


def _add(bench: Bench, sheet: Sheet) -> None:
    form = sheet.form

    @telling(5)
    def add(values: Values) -> list[Any]:
        kept = tuple((keep_upload(bench.workspace, path), shown_name(path)) for path in form.paths(values))
        target = collection_for_files(bench, form.shown(values))
        bench.queue.enqueue(form.request(kept, target), form.idem_key(values))
        return [None, str(uuid4()), *_drawn(bench, target, ())]

    form.files.upload(add, form.inputs, [sheet.notice, form.files, form.key, *sheet.shown], **QUIET)


def _fetch(bench: Bench, sheet: Sheet) -> None:
    form, web = sheet.form, sheet.web

    @telling(5)
    def fetch(values: Values) -> list[Any]:
        target = collection_for_files(bench, form.shown(values))
        document_web.fetch(bench, target, str(values[web.address] or ""), form.idem_key(values))
        return ["", str(uuid4()), *_drawn(bench, target, ())]

    outputs = [sheet.notice, web.address, form.key, *sheet.shown]
    pressed = [web.button.click, web.address.submit]
    gr.on(pressed, fetch, {web.address, *form.inputs}, outputs, show_progress="minimal")


def _find(bench: Bench, sheet: Sheet) -> None:
    @telling(4)
    def find(values: Values) -> list[Any]:
        question, most = sheet.search.asked(values)
        shown = _chosen(bench, sheet.search.shown(values))
        names = [document.name for document in _documents(bench, shown)]
        if not names:
            raise Missing(words.EMPTY, "Add a document first.")
        place = Place(bench.workspace.collections, shown, sheet.only.allowed(bench, shown, values))
        result = search_within(place, bench.door, question, most)
        return [view.found(result, place.allowed is not None), *document_missed.offered(names)]

    pressed = [sheet.find.click, sheet.search.question.submit]
    gr.on(
        pressed,
        find,
        {*sheet.search.inputs, *sheet.only.inputs},
        [sheet.search_notice, sheet.found, *sheet.missed.filled],
        show_progress="minimal",
    )


def _list(bench: Bench, told: document_threshold.Told, editor: document_editor.Editor) -> None:
    drawn, notice = told.drawn, told.notice

    # Not at the page's start, too: what is drawn twice is replaced under the person's hands.
    @gr.render(inputs=drawn, triggers=[drawn.change], show_progress="hidden")
    def listed(shown: tuple[Any, ...]) -> None:
        collection = str(shown[0])
        documents = _documents(bench, collection)
        others = any(one.name != collection for one in bench.workspace.collections.list())
        gr.Markdown(view.heading(documents, others), elem_id="documents-head")
        rows_of = _rows_of(bench, collection)
        gr.Markdown(view.about(rows_of), elem_id="documents-about", elem_classes="notice quiet")
        fetched = bench.workspace.fetched.of(collection)
        if documents:
            gr.Markdown(drafts.offer(collection), elem_id="documents-drafts")
            document_threshold.lay_out(bench, collection, told)
            if not rows_of:
                document_cutting.lay_out(bench, collection, documents, told)
        for number, document in enumerate(documents, 1):
            with gr.Row(elem_classes="listed", key=f"document-{document.id}"):
                origin = fetched.get(document.id)
                gr.Markdown(view.line(document, bench.workspace.clock(), origin), latex_delimiters=[])
                if origin is not None:
                    fetch = gr.Button(web_pages.AGAIN, size="sm", scale=0, min_width=110, elem_id=f"again-{number}")
                    fetch.click(document_web.again(bench, collection, origin.address), None, [notice], **QUIET)
                if is_editable(document):
                    change = gr.Button(words.EDIT, size="sm", scale=0, min_width=70, elem_id=f"edit-{number}")
                    opened = document_editor.opening(bench, collection, document)
                    change.click(opened, None, [notice, *editor.filled], **QUIET)
                button = gr.Button(words.REMOVE, size="sm", scale=0, min_width=90, elem_id=f"remove-{number}")
            sure = confirming.question(words.SURE, words.YES, words.NO, f"remove-{number}")
            remove = _removing(bench, collection, document)
            confirming.Confirmed(button, *sure).then(remove, None, [notice, drawn])


def _removing(bench: Bench, collection: str, document: Document) -> Any:
    @telling(1)
    def remove() -> list[Any]:
        Removing(bench.workspace, bench.queue).document(collection, document)
        return [_revision(bench, collection, _lately(bench))]

    return remove


def collection_for_files(bench: Bench, shown: str) -> str:
    """Return where added files go: what is shown, but never among the rows of examples."""
    rows = set(looked_up(bench.workspace).values())
    kept = [collection.name for collection in bench.workspace.collections.list() if collection.name not in rows]
    return shown if shown in kept else next(iter(kept), words.DEFAULT)


def _chosen(bench: Bench, wanted: str) -> str:
    """Return the collection to show: the one wanted, or the newest; the first one to be made where there is none."""
    kept = [collection.name for collection in bench.workspace.collections.list()]
    return wanted if wanted in {*kept, words.DEFAULT} else next(iter(kept), words.DEFAULT)


def _documents(bench: Bench, collection: str) -> Sequence[Document]:
    try:
        return bench.workspace.collections.documents(collection)
    except NotFound:
        return []


def _rows_of(bench: Bench, collection: str) -> Dataset | None:
    dataset_id = same_rows_as(bench.workspace, collection)
    return bench.workspace.datasets.get(dataset_id) if dataset_id else None


def _drawn(bench: Bench, wanted: str, seen: tuple[Any, ...]) -> list[Any]:
    job, shown = _lately(bench), _chosen(bench, wanted)
    revision = _revision(bench, shown, job)
    waits = job is not None and job.state is JobState.QUEUED
    reading = view.reading(job, working=not waits or worker_runs(bench.workspace.settings))
    if revision == seen:
        return [reading, gr.skip(), gr.skip()]
    names = [collection.name for collection in bench.workspace.collections.list()]
    choices = names if shown in names else [*names, shown]
    return [reading, revision, gr.Dropdown(choices, value=shown, visible=len(choices) > 1)]


def _lately(bench: Bench) -> Job | None:
    """Return the newest reading, or fetching of a page, that goes on or has ended a while ago."""
    asked = [*bench.queue.list("index", 1), *bench.queue.list("fetch", 1)]
    newest = max(asked, key=lambda job: job.created_at, default=None)
    if newest is None or not newest.state.final:
        return newest
    return newest if bench.workspace.clock() - (newest.finished_at or 0) < _LATELY_S else None


def _revision(bench: Bench, shown: str, job: Job | None) -> tuple[Any, ...]:
    """Return what is shown, and what changes with anything that the list tells."""
    kept = tuple((one.id, one.index_version) for one in bench.workspace.collections.list())
    return shown, kept, str(job.state) if job and not kept else ""
