"""The lower part of Scores: every question behind the numbers, filtered, ten at a time."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.evaluation.marking import marked
from storage.errors import Damaged
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.pages.score_drawing import card_of
from studio.views import questions as view
from studio.views import scores
from studio.wording import scores as words


@dataclass(frozen=True)
class Questions:
    """The parts. `number` is the page that is shown, counted from 0."""

    box: gr.Accordion
    show: gr.Radio
    kind: gr.Dropdown
    column: gr.Dropdown
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
        return [self.number, self.listed, self.before, self.after]


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
        listed = gr.Markdown(elem_id="questions", elem_classes="scrolled", latex_delimiters=[])
        with gr.Row(elem_classes="buttons"):
            before = gr.Button(words.EARLIER_TEN, size="sm", visible=False, elem_id="questions-before")
            after = gr.Button(words.LATER_TEN, size="sm", visible=False, elem_id="questions-after")
    return Questions(box, show, kind, column, gr.State(0), listed, before, after)


def connect(bench: Bench, parts: Questions, card: gr.State, wanted: gr.State) -> None:
    """Let the scorecard shown, the filter and the buttons draw the questions.

    `wanted` holds kind and column that the page's address asks for; it counts once.
    """

    def begin(card_id: str, asked: dict[str, str]) -> list[Any]:
        found = card_of(bench, card_id)
        if found is None:
            return [gr.update(visible=False), *[gr.skip()] * 3, {}, *[gr.skip()] * 4]
        kinds = [(words.EVERY_KIND, view.EVERY), *((scores.kind_name(kind), kind) for kind in scores.kinds_of(found))]
        names = [(words.EVERY_WAY, view.EVERY), *((name, one) for one, name in scores.column_names(found).items())]
        kind, column = _known(asked.get("kind"), kinds), _known(asked.get("column"), names)
        box = gr.update(visible=True, open=True) if asked else gr.update(visible=True)
        fields = ["all", gr.Dropdown(kinds, value=kind), gr.Dropdown(names, value=column)]
        return [box, *fields, {}, *_page(bench, card_id, view.Filter("all", kind, column), 0)]

    def choose(card_id: str, show: str, kind: str, column: str) -> list[Any]:
        return _page(bench, card_id, view.Filter(show, kind, column), 0)

    def turn(step: int) -> Any:
        def turned(card_id: str, number: int, show: str, kind: str, column: str) -> list[Any]:
            return _page(bench, card_id, view.Filter(show, kind, column), number + step)

        return turned

    card.change(begin, [card, wanted], [parts.box, *parts.filter, wanted, *parts.page], **QUIET)
    for field in parts.filter:
        field.input(choose, [card, *parts.filter], parts.page, **QUIET)
    for button, step in ((parts.before, -1), (parts.after, 1)):
        button.click(turn(step), [card, parts.number, *parts.filter], parts.page, **QUIET)


def _known(wanted: str | None, choices: list[tuple[str, str]]) -> str:
    return wanted if wanted is not None and wanted in {value for _, value in choices} else view.EVERY


def _page(bench: Bench, card_id: str, wanted: view.Filter, number: int) -> list[Any]:
    card = card_of(bench, card_id)
    try:
        asked = view.questions(marked(bench.workspace, card)[1]) if card else []
    except Damaged:
        return [0, words.ANSWERS_GONE, gr.update(visible=False), gr.update(visible=False)]
    last = view.last_page(len(view.chosen(asked, wanted)))
    number = max(0, min(number, last))
    names = scores.column_names(card) if card else {}
    return [
        number,
        view.page(asked, names, wanted, number),
        gr.update(visible=number > 0),
        gr.update(visible=number < last),
    ]
