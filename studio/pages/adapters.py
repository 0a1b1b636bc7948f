"""The lowest part of Train: the adapters that a person owns, and those that can still be brought back."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.removing.things import Removing
from storage.dependants import of_adapter
from storage.exports import kept_forms
from storage.files import folder_size
from storage.records import Adapter, Scorecard
from studio.bench import Bench
from studio.pages import confirming, whole_models
from studio.pages.events import QUIET
from studio.pages.telling import telling
from studio.views import adapters as view
from studio.views import notices
from studio.wording import adapters as words

_LOOK_EVERY_S = 2.0


@dataclass(frozen=True)
class Sheet:
    """The parts. `drawn` changes whenever the lists have to be drawn anew."""

    notice: gr.Markdown
    done: gr.Markdown
    drawn: gr.State


def build(bench: Bench, page: gr.Blocks, runs: gr.State) -> None:
    """Lay out the lists and draw them anew whenever a run ends; `runs` holds what is shown of the runs."""
    gr.Markdown(f"## {words.TITLE}")
    notice = gr.Markdown(elem_id="adapters-notice", elem_classes="notice")
    done = gr.Markdown(elem_id="adapters-done", elem_classes="notice", latex_delimiters=[])
    sheet = Sheet(notice, done, gr.State(()))
    with gr.Column(elem_id="adapters"):
        _lists(bench, sheet)

    def opened(request: gr.Request) -> tuple[Any, ...]:
        return _revision(bench, unfold="deleted" in request.query_params)

    def changed(before: tuple[Any, ...]) -> tuple[Any, ...]:
        # Not before the page's own start has drawn them.
        return _revision(bench, unfold=before[0]) if before else before

    page.load(opened, None, sheet.drawn, **QUIET)
    runs.change(changed, sheet.drawn, sheet.drawn, **QUIET)
    gr.Timer(_LOOK_EVERY_S).tick(_if_changed(bench), sheet.drawn, sheet.drawn, **QUIET)


def _if_changed(bench: Bench) -> Any:
    """Draw the lists anew only where a model is being written that has got on."""

    def look(before: tuple[Any, ...]) -> Any:
        if not before or not before[-1]:
            return gr.skip()
        now = _revision(bench, unfold=before[0])
        return gr.skip() if now == tuple(before) else now

    return look


def _lists(bench: Bench, sheet: Sheet) -> None:
    # Both lists in one, and not at the page's start, too: of two that are drawn at the same time, the framework may
    # lose one, and what is drawn twice is replaced under the person's hands.
    @gr.render(inputs=sheet.drawn, triggers=[sheet.drawn.change], show_progress="hidden")
    def listed(revision: tuple[Any, ...]) -> None:
        kept, cards = bench.workspace.adapters.list(), bench.workspace.scorecards.list()
        exports = whole_models.exports(bench)
        if not kept:
            gr.Markdown(words.NONE, elem_id="no-adapters", elem_classes="quiet")
        for number, adapter in enumerate(kept, 1):
            _entry(bench, sheet, number, adapter, cards)
            whole_models.build(bench, adapter, exports, [sheet.notice, sheet.drawn], lambda: _revision(bench))
        if deleted := bench.workspace.adapters.deleted():
            with gr.Accordion(words.list_title(len(deleted)), open=revision[0], elem_id="deleted-adapters"):
                gr.Markdown(words.DELETED_HELP, elem_classes="quiet")
                for number, adapter in enumerate(deleted, 1):
                    _deleted_entry(bench, sheet, number, adapter)


def _entry(bench: Bench, sheet: Sheet, number: int, adapter: Adapter, cards: list[Scorecard]) -> None:
    size = folder_size(bench.workspace.home / adapter.path)
    score = view.best_score(adapter.id, cards)
    with gr.Row(elem_classes="listed", key=f"adapter-{adapter.id}", elem_id=f"adapter-{number}"):
        gr.Markdown(view.entry(adapter, score, size, bench.workspace.clock()), latex_delimiters=[])
        with gr.Row(elem_classes="buttons"):
            gr.Button(words.USE, size="sm", scale=0, min_width=0, link=words.address(adapter.id))
            gr.Button(words.DOWNLOAD, size="sm", scale=0, min_width=0, link=words.download(adapter.id))
            button = gr.Button(words.DELETE, size="sm", scale=0, min_width=0, elem_id=f"delete-adapter-{number}")
    used = of_adapter(bench.workspace.database, adapter.id).comparisons
    question = words.sure(used, view.scored_with(adapter.id, cards))
    sure = confirming.question(question, words.YES, words.NO, f"delete-adapter-{number}")

    @telling(2)
    def delete() -> list[Any]:
        Removing(bench.workspace, bench.queue).adapter(adapter.id)
        return [notices.done(words.deleted(view.name(adapter))), _revision(bench)]

    confirming.Confirmed(button, *sure).then(delete, None, [sheet.notice, sheet.done, sheet.drawn])


def _deleted_entry(bench: Bench, sheet: Sheet, number: int, adapter: Adapter) -> None:
    with gr.Row(elem_classes="listed", key=f"deleted-{adapter.id}"):
        gr.Markdown(view.deleted_entry(adapter, bench.workspace.clock()), latex_delimiters=[])
        button = gr.Button(words.RESTORE, size="sm", scale=0, min_width=90, elem_id=f"restore-adapter-{number}")

    @telling(2)
    def restore() -> list[Any]:
        bench.workspace.adapters.restore(adapter.id)
        return [notices.done(words.restored(view.name(adapter))), _revision(bench, unfold=True)]

    button.click(restore, None, [sheet.notice, sheet.done, sheet.drawn], **QUIET)


def _revision(bench: Bench, unfold: bool = False) -> tuple[Any, ...]:
    """Return whether the deleted ones are shown, and what changes with anything that the lists tell."""
    listed = (*bench.workspace.adapters.list(), *bench.workspace.adapters.deleted())
    told = tuple((one.id, one.deleted_at, kept_forms(bench.workspace.home, one.id)) for one in listed)
    cards = tuple(card.id for card in bench.workspace.scorecards.list()[:1])
    asked = tuple(comparison.id for comparison in bench.workspace.comparisons.list(1))
    exports = whole_models.exports(bench)
    written = tuple((job.id, job.state.value, job.step) for job in exports if not job.state.final)
    ended = tuple(job.id for job in exports[:1] if job.state.final)
    return unfold, told, cards, asked, ended, written
