"""The part of Scores that leads from wrong answers to what mends them, and scores again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.evaluation.again import again
from jobs.evaluation.causes import Group, groups
from jobs.evaluation.marking import marked
from jobs.evaluation.verdict import verdict
from jobs.requests import Draft
from storage.errors import Damaged, Missing, NotFound, UserFault
from storage.records import Json, Scorecard
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.pages.score_drawing import card_of
from studio.pages.sealing import before_scoring
from studio.pages.telling import telling
from studio.views import doing as view
from studio.views import notices
from studio.views.scores import column_names
from studio.wording import doing as words
from studio.wording import drafts, test_questions

_MOST_DRAFTS = 20


@dataclass(frozen=True)
class Doing:
    """The parts. `drawn` holds the score and the column whose causes are listed."""

    box: gr.Accordion
    table: gr.Markdown
    column: gr.Dropdown
    again: gr.Button
    notice: gr.Markdown
    done: gr.Markdown
    place: gr.Column
    drawn: gr.State

    @property
    def shown(self) -> list[Any]:
        """What `_begin` fills, in its order."""
        return [self.box, self.table, self.column, self.drawn, self.notice, self.done]


def lay_out() -> Doing:
    """Put the parts on the page."""
    with gr.Accordion(words.TITLE, open=False, visible=False, elem_id="doing") as box:
        gr.Markdown(words.HELP, elem_classes="quiet")
        table = gr.Markdown(elem_id="doing-table", elem_classes="scrolled", latex_delimiters=[])
        column = gr.Dropdown([], label=words.CHOOSE, info=words.BEST, interactive=True, elem_id="doing-column")
        notice = gr.Markdown(elem_id="doing-notice", elem_classes="notice")
        done = gr.Markdown(elem_id="doing-done", elem_classes="notice", latex_delimiters=[])
        place = gr.Column(elem_id="doing-list")
        score_again = gr.Button(words.AGAIN, size="sm", elem_id="score-again", elem_classes="modest")
        gr.Markdown(words.AGAIN_HELP, elem_classes="quiet")
    return Doing(box, table, column, score_again, notice, done, place, gr.State(()))


def connect(bench: Bench, parts: Doing, card: gr.State) -> None:
    """Let the scorecard shown fill the table, and the column chosen its list."""

    @telling(1)
    def score_again(card_id: str) -> list[Any]:
        return [_score_again(bench, card_id)]

    card.change(lambda card_id: _begin(bench, card_id), card, parts.shown, **QUIET)
    parts.column.input(lambda card_id, column: (card_id, column), [card, parts.column], parts.drawn, **QUIET)
    parts.again.click(score_again, card, [parts.notice, parts.done], **QUIET)
    _list(bench, parts)


def _score_again(bench: Bench, card_id: str) -> str:
    try:
        card = bench.workspace.scorecards.get(card_id)
        request = again(card, bench.workspace, bench.queue)
    except NotFound as error:
        raise UserFault(words.GONE, words.CHOOSE_ANEW) from error
    if why := before_scoring(bench, request.source):
        raise UserFault(why, test_questions.CHOOSE_ABOVE)
    bench.queue.enqueue(request, str(uuid4()))
    return words.ASKED


def _begin(bench: Bench, card_id: str) -> list[Any]:
    card, lines = _judged(bench, card_id)
    if card is None or not lines:
        return [gr.update(visible=False), "", gr.skip(), (), "", ""]
    names = column_names(card)
    told = verdict(lines, list(names))
    order = sorted(names, key=lambda column: -told.rates[column].right) if told.n else list(names)
    first = told.leaders[0] if told.leaders else order[0]
    choices = [(names[column], column) for column in (first, *(one for one in order if one != first))]
    offered = gr.Dropdown(choices, value=first)
    return [gr.update(visible=True), view.overview(card, lines), offered, (card_id, first), "", ""]


def _list(bench: Bench, parts: Doing) -> None:
    # Not at the page's start, too: what is drawn twice is replaced under the person's hands.
    with parts.place:

        @gr.render(inputs=parts.drawn, triggers=[parts.drawn.change], show_progress="hidden")
        def listed(drawn: Sequence[str]) -> None:
            card, lines = _judged(bench, drawn[0] if drawn else "")
            way = next((one for one in card.ways if one["column_id"] == drawn[1]), None) if card else None
            if card is None or way is None:
                return
            found = groups(lines, way)
            if not found:
                gr.Markdown(words.NONE)
            for one in found:
                _group(bench, parts, one, (card, way))


def _group(bench: Bench, parts: Doing, one: Group, of: tuple[Scorecard, Json]) -> None:
    card, way = of
    drafting = one.cause == "misread" and bool(way.get("collection"))
    with gr.Row(elem_classes="listed", key=f"{card.id} {way['column_id']} {one.cause}"):
        gr.Markdown(view.group(one, card.id, way["column_id"]), latex_delimiters=[])
        link = None if drafting else view.leads_to(one, card, way, _examples(bench, way))
        button = gr.Button(
            words.ACTIONS[one.cause], size="sm", scale=0, min_width=180, link=link, elem_id=f"doing-{one.cause}"
        )
    if drafting:
        button.click(_drafting(bench, one, way["collection"]), None, [parts.notice, parts.done], **QUIET)


def _drafting(bench: Bench, one: Group, collection: str) -> Any:
    @telling(1)
    def draft() -> list[Any]:
        there = {document.name for document in _documents(bench, collection)}
        read = tuple(name for name in view.drafts_from(one) if name in there)
        if not read:
            raise Missing(words.NO_DOCUMENTS, words.ADD_THEM)
        most = min(_MOST_DRAFTS, 2 * len(one.lines))
        bench.queue.enqueue(Draft(collection=collection, documents=read, most=most), str(uuid4()))
        return [notices.done(words.drafting(drafts.address(collection)))]

    return draft


def _documents(bench: Bench, collection: str) -> Sequence[Any]:
    try:
        return bench.workspace.collections.documents(collection)
    except NotFound:
        return []


def _examples(bench: Bench, way: Json) -> str:
    """Return the newest version of the examples that the way was trained on, else of any; empty where there is none."""
    trained = (way.get("examples") or {}).get("name")
    kept = bench.workspace.datasets.list()
    same = [dataset for dataset in kept if dataset.name == trained]
    newest = max(same, key=lambda dataset: dataset.version, default=next(iter(kept), None))
    return newest.id if newest else ""


def _judged(bench: Bench, card_id: str) -> tuple[Scorecard | None, Sequence[Json]]:
    card = card_of(bench, card_id)
    if card is None:
        return None, []
    try:
        return marked(bench.workspace, card)
    except Damaged:
        return card, []
