"""The lower part of Scores: every question behind the numbers, at a glance and ten at a time, and one answer whole."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.evaluation.marking import marked
from storage.errors import Damaged
from studio.bench import Bench
from studio.pages import score_cell
from studio.pages.events import QUIET
from studio.pages.score_drawing import card_of
from studio.views import questions as view
from studio.views import scores
from studio.views.matrix import matrix
from studio.wording import scores as words


@dataclass(frozen=True)
class Questions:
    """The parts. `number` is the page that is shown, counted from 0."""

    box: gr.Accordion
    show: gr.Radio
    kind: gr.Dropdown
    column: gr.Dropdown
    matrix: gr.Markdown
    cell: score_cell.CellParts
    number: gr.State
    listed: gr.Markdown
    before: gr.Button
    after: gr.Button

    @property
    def filter(self) -> list[Any]:
        """The fields that decide which questions are shown."""
        return [self.show, self.kind, self.column]

    @property
    def page(self) -> list[Any]:
        """What a page of questions fills."""
        return [self.matrix, self.number, self.listed, self.before, self.after]


def lay_out() -> Questions:
    """Put the parts on the page."""
    with gr.Accordion(words.EVERY, open=False, visible=False, elem_id="every-question") as box:
        with gr.Row():
            show = gr.Radio(
                [(label, value) for value, label in words.SHOWN.items()],
                value="all",
                label=words.SHOW,
                elem_id="questions-show",
                scale=2,
                min_width=300,
            )
            kind = gr.Dropdown(
                [(words.EVERY_KIND, view.EVERY)], value=view.EVERY, label=words.KIND, elem_id="questions-kind"
            )
            column = gr.Dropdown(
                [(words.EVERY_WAY, view.EVERY)], value=view.EVERY, label=words.WAY, elem_id="questions-way"
            )
        matrix = gr.Markdown(elem_id="score-matrix", elem_classes="scrolled", latex_delimiters=[])
        cell = score_cell.lay_out()
        listed = gr.Markdown(elem_id="questions", elem_classes="scrolled", latex_delimiters=[])
        with gr.Row(elem_classes="buttons"):
            before = gr.Button(words.EARLIER_TEN, size="sm", visible=False, elem_id="questions-before")
            after = gr.Button(words.LATER_TEN, size="sm", visible=False, elem_id="questions-after")
    return Questions(box, show, kind, column, matrix, cell, gr.State(0), listed, before, after)


def connect(bench: Bench, parts: Questions, card: gr.State, wanted: gr.State) -> None:
    """Let the scorecard shown, the filter, the buttons and what a person says of an answer draw the questions.

    `wanted` holds what the page's address asks for, `k` kind, `w` column and `q` question; it counts once.
    """
    score_cell.connect(bench, parts.cell, card)
    drawn = [parts.box, *parts.filter, wanted, *parts.page, *parts.cell.outputs]

    def begin(card_id: str, asked: dict[str, str]) -> list[Any]:
        found = card_of(bench, card_id)
        if found is None:
            return [gr.update(visible=False), *[gr.skip()] * 3, {}, *[gr.skip()] * (len(drawn) - 5)]
        at = score_cell.place_of(asked)
        kinds = [(words.EVERY_KIND, view.EVERY), *((scores.kind_name(kind), kind) for kind in scores.kinds_of(found))]
        names = [(words.EVERY_WAY, view.EVERY), *((name, one) for one, name in scores.column_names(found).items())]
        kind = _known(asked.get("k"), kinds)
        column = _known(asked.get("w"), names) if at == score_cell.NOWHERE else view.EVERY
        box = gr.update(visible=True, open=True) if asked else gr.update(visible=True)
        fields = ["all", gr.Dropdown(kinds, value=kind), gr.Dropdown(names, value=column)]
        page = _page(bench, card_id, view.Filter("all", kind, column), 0)
        return [box, *fields, {}, *page, *score_cell.drawn(bench, card_id, at)]

    def choose(card_id: str, show: str, kind: str, column: str) -> list[Any]:
        return _page(bench, card_id, view.Filter(show, kind, column), 0)

    def turn(step: int) -> Any:
        def turned(card_id: str, number: int, show: str, kind: str, column: str) -> list[Any]:
            return _page(bench, card_id, view.Filter(show, kind, column), number + step)

        return turned

    card.change(begin, [card, wanted], drawn, **QUIET)
    for field in parts.filter:
        field.input(choose, [card, *parts.filter], parts.page, **QUIET)
    for button, step in ((parts.before, -1), (parts.after, 1)):
        button.click(turn(step), [card, parts.number, *parts.filter], parts.page, **QUIET)
    parts.cell.said.change(turn(0), [card, parts.number, *parts.filter], parts.page, **QUIET)


def _known(wanted: str | None, choices: list[tuple[str, str]]) -> str:
    return wanted if wanted is not None and wanted in {value for _, value in choices} else view.EVERY


def _page(bench: Bench, card_id: str, wanted: view.Filter, number: int) -> list[Any]:
    card = card_of(bench, card_id)
    try:
        asked = view.questions(marked(bench.workspace, card)[1]) if card else []
    except Damaged:
        return [words.ANSWERS_GONE, 0, "", gr.update(visible=False), gr.update(visible=False)]
    last = view.last_page(len(view.chosen(asked, wanted)))
    number = max(0, min(number, last))
    names = scores.column_names(card) if card else {}
    return [
        matrix(asked, names, wanted, card_id),
        number,
        view.page(asked, names, wanted, number),
        gr.update(visible=number > 0),
        gr.update(visible=number < last),
    ]
