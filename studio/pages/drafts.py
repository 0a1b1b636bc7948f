"""Drafts: a model drafts examples from documents, and a person keeps, mends or drops each one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.drafting.keeping import keep_drafts_as_examples
from jobs.requests import Draft
from jobs.teaching.reading import teach_reading
from storage.drafts import DraftPair, DraftState
from storage.errors import NotFound, UserFault
from storage.records import Job, JobState
from studio.bench import Bench
from studio.health import worker_runs
from studio.pages.events import QUIET, enable_after
from studio.pages.telling import telling
from studio.views import drafts as view
from studio.views import markdown, notices
from studio.wording import drafts as words

LOOK_EVERY_S = 2.0


@dataclass(frozen=True)
class Sheet:
    """All parts of the page. `shown` is the id of the draft that is read."""

    collection: gr.Dropdown
    most: gr.Number
    draft: gr.Button
    stop: gr.Button
    notice: gr.Markdown
    standing: gr.Markdown
    box: gr.Column
    left: gr.Markdown
    passage: gr.Markdown
    question: gr.Textbox
    answer: gr.Textbox
    keep: gr.Button
    drop: gr.Button
    dataset: gr.Dropdown
    add: gr.Button
    done: gr.Markdown
    teach: gr.Button
    taught: gr.Markdown
    shown: gr.State
    key: gr.State

    @property
    def read(self) -> list[Any]:
        """What `_next` fills, in its order."""
        return [self.shown, self.left, self.passage, self.question, self.answer, self.box]

    @property
    def going_on(self) -> list[Any]:
        """What `_standing` fills, in its order."""
        return [self.standing, self.stop]


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to the queue and the drafts."""
    sheet = _lay_out(bench)
    _draft(bench, sheet)
    _read(bench, sheet)
    _add(bench, sheet)
    _teach(bench, sheet)

    def opened(request: gr.Request) -> list[Any]:
        names = [collection.name for collection in bench.workspace.collections.list()]
        wanted = request.query_params.get("collection", "")
        chosen = wanted if wanted in names else next(iter(names), None)
        told = "" if names else words.NO_DOCUMENTS
        shown = [*_next(bench, chosen or ""), *_standing(bench, chosen or ""), _sets(bench)]
        return [gr.Dropdown(names, value=chosen), str(uuid4()), told, *shown]

    def look(collection: str | None, shown: str) -> list[Any]:
        """Bring the next draft only where none is being read: what a person writes is never replaced."""
        read = [gr.skip()] * len(sheet.read) if shown else _next(bench, collection or "")
        return [*_standing(bench, collection or ""), *read]

    filled = [sheet.collection, sheet.key, sheet.notice, *sheet.read, *sheet.going_on, sheet.dataset]
    enable_after(page.load(opened, None, filled, **QUIET), sheet.draft)
    gr.Timer(LOOK_EVERY_S).tick(look, [sheet.collection, sheet.shown], [*sheet.going_on, *sheet.read], **QUIET)
    sheet.collection.input(
        lambda collection: [*_next(bench, collection), *_standing(bench, collection)],
        sheet.collection,
        [*sheet.read, *sheet.going_on],
        **QUIET,
    )


def _lay_out(bench: Bench) -> Sheet:
    model = bench.workspace.settings.draft_model
    who = words.STRONGER.format(model=markdown.plain(model)) if model else words.WEAK
    gr.Markdown(f"# {words.TITLE}\n\n{words.INTRO}\n\n{who}", elem_classes="page-head")
    with gr.Row(elem_classes="ask-row", equal_height=True):
        collection = gr.Dropdown([], label=words.COLLECTION, interactive=True, elem_id="drafts-collection", scale=3)
        most = gr.Number(20, label=words.MOST, precision=0, minimum=1, maximum=500, elem_id="drafts-most", scale=1)
        draft = gr.Button(words.DRAFT, variant="primary", interactive=False, elem_id="draft", scale=1)
    notice = gr.Markdown(elem_id="notice", elem_classes="notice", latex_delimiters=[])
    standing = gr.Markdown(elem_id="drafts-standing", elem_classes="notice", latex_delimiters=[])
    stop = gr.Button(words.STOP, size="sm", visible=False, elem_id="drafts-stop", elem_classes="modest")
    left = gr.Markdown(elem_id="drafts-left", elem_classes="notice")
    with gr.Column(visible=False, elem_classes="card", elem_id="draft-read") as box:
        passage = gr.Markdown(elem_id="draft-passage", latex_delimiters=[])
        question = gr.Textbox(label=words.QUESTION, lines=2, max_lines=6, elem_id="draft-question")
        answer = gr.Textbox(label=words.ANSWER, lines=3, max_lines=12, elem_id="draft-answer")
        with gr.Row(elem_classes="buttons"):
            keep = gr.Button(words.KEEP, variant="primary", scale=0, min_width=120, elem_id="draft-keep")
            drop = gr.Button(words.DROP, scale=0, min_width=120, elem_id="draft-drop")
    with gr.Row(elem_classes="ask-row", equal_height=True):
        dataset = gr.Dropdown(
            [], label=words.SET, info=words.SET_HELP, allow_custom_value=True, interactive=True,
            elem_id="drafts-set", scale=4,
        )  # fmt: skip
        add = gr.Button(words.ADD, elem_id="drafts-add", scale=1)
    done = gr.Markdown(elem_id="drafts-done", elem_classes="notice", latex_delimiters=[])
    gr.Markdown(words.READING_HELP, elem_id="teach-reading-help", elem_classes="notice")
    teach = gr.Button(words.TEACH_READING, elem_id="teach-reading", elem_classes="modest")
    taught = gr.Markdown(elem_id="taught-reading", elem_classes="notice", latex_delimiters=[])
    states = gr.State(""), gr.State("")
    return Sheet(
        collection, most, draft, stop, notice, standing, box, left, passage, question, answer, keep, drop, dataset,
        add, done, teach, taught, *states,
    )  # fmt: skip


def _draft(bench: Bench, sheet: Sheet) -> None:
    @telling(1 + len(sheet.going_on))
    def draft(collection: str | None, most: float | None, key: str) -> list[Any]:
        if not collection:
            raise UserFault("There are no documents to draft from.", "Add some on the Documents page.")
        wanted = min(500, max(1, int(most or 20)))
        bench.queue.enqueue(Draft(collection=collection, most=wanted), key)
        return [str(uuid4()), *_standing(bench, collection)]

    def stop(collection: str | None) -> list[Any]:
        job = _newest(bench, collection or "")
        if job is not None and job.state is JobState.RUNNING:
            bench.queue.request_finish(job.id)
        elif job is not None:
            bench.queue.request_cancel(job.id)
        return _standing(bench, collection or "")

    outputs = [sheet.notice, sheet.key, *sheet.going_on]
    sheet.draft.click(draft, [sheet.collection, sheet.most, sheet.key], outputs, **QUIET)
    sheet.stop.click(stop, sheet.collection, sheet.going_on, **QUIET)


def _read(bench: Bench, sheet: Sheet) -> None:
    def decide(state: DraftState) -> Any:
        @telling(len(sheet.read))
        def decided(collection: str, draft_id: str, question: str, answer: str) -> list[Any]:
            texts = {"question": question, "answer": answer} if state == "kept" else {}
            bench.workspace.drafts.decide(draft_id, state, **texts)
            return _next(bench, collection)

        return decided

    inputs = [sheet.collection, sheet.shown, sheet.question, sheet.answer]
    sheet.keep.click(decide("kept"), inputs, [sheet.notice, *sheet.read], **QUIET)
    sheet.drop.click(decide("dropped"), inputs, [sheet.notice, *sheet.read], **QUIET)


def _add(bench: Bench, sheet: Sheet) -> None:
    @telling(2 + len(sheet.read))
    def add(collection: str | None, name: str | None) -> list[Any]:
        kept = _kept(bench, collection or "")
        if not kept:
            raise UserFault(words.NONE_KEPT, words.KEEP_SOME)
        if not (name or "").strip():
            raise UserFault(words.NO_SET, words.SET_HELP)
        made = keep_drafts_as_examples(bench.workspace, str(name).strip(), [pair.id for pair in kept])
        told = words.added(len(kept), markdown.plain(made.name), made.version, made.id)
        return [notices.done(told), _sets(bench, made.name), *_next(bench, collection or "")]

    outputs = [sheet.notice, sheet.done, sheet.dataset, *sheet.read]
    sheet.add.click(add, [sheet.collection, sheet.dataset], outputs, **QUIET)


def _teach(bench: Bench, sheet: Sheet) -> None:
    @telling(1)
    def teach(collection: str | None) -> list[Any]:
        if not collection:
            raise UserFault(words.NO_READING, "Add some on the Documents page.")
        made = teach_reading(bench.workspace, bench.door, collection)
        return [notices.done(words.taught(markdown.plain(made.name), made.version, made.id, made.origin))]

    sheet.teach.click(teach, sheet.collection, [sheet.notice, sheet.taught], show_progress="minimal")


def _next(bench: Bench, collection: str) -> list[Any]:
    """Return the next draft nobody has decided on, and how many wait."""
    waiting = bench.workspace.drafts.list(collection=collection, state="new") if collection else []
    kept = _kept(bench, collection)
    told = words.left(len(waiting), len(kept)) if waiting or kept else words.NONE
    if not waiting:
        return ["", told, "", "", "", gr.update(visible=False)]
    first = waiting[0]
    return [first.id, told, view.passage(first), first.question, first.answer, gr.update(visible=True)]


def _kept(bench: Bench, collection: str) -> Sequence[DraftPair]:
    return bench.workspace.drafts.list(collection=collection, state="kept") if collection else []


def _newest(bench: Bench, collection: str) -> Job | None:
    return next((job for job in bench.queue.list("draft", 20) if job.spec["collection"] == collection), None)


def _standing(bench: Bench, collection: str) -> list[Any]:
    job = _newest(bench, collection)
    waits = job is not None and job.state is JobState.QUEUED
    stops = job is not None and not job.state.final and job.finish_requested_at is None
    return [view.standing(job, not waits or worker_runs(bench.workspace.settings)), gr.update(visible=stops)]


def _sets(bench: Bench, chosen: str | None = None) -> gr.Dropdown:
    names = list(dict.fromkeys(dataset.name for dataset in bench.workspace.datasets.list()))
    try:
        value = bench.workspace.datasets.get(chosen).name if chosen else next(iter(names), None)
    except NotFound:
        value = None
    return gr.Dropdown(names, value=value)
