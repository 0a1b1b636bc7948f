"""The part of Scores that shows one answer with all that it rests on, and lets a person overrule its judgement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from jobs.evaluation.marking import alike, marked
from storage.answers import read_answers
from storage.errors import Damaged, UserFault
from storage.marks import Mark, Place, Said
from storage.records import Scorecard
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.pages.score_drawing import card_of
from studio.pages.telling import telling
from studio.views import cell as view
from studio.views import questions, scores
from studio.wording import cells as words

NOWHERE: Place = ("", 0)


@dataclass(frozen=True)
class CellParts:
    """The parts. `at` is the answer shown, `wanted` the address of a clicked field, `said` counts the marks."""

    wanted: gr.Textbox
    way: gr.Radio
    shown: gr.Markdown
    box: gr.Column
    reason: gr.Textbox
    right: gr.Button
    wrong: gr.Button
    back: gr.Button
    notice: gr.Markdown
    at: gr.State
    said: gr.State

    @property
    def outputs(self) -> list[Any]:
        """What `drawn` fills, in its order."""
        return [self.at, self.box, self.way, self.shown, self.reason, self.right, self.wrong, self.back]


def lay_out() -> CellParts:
    """Put the parts on the page."""
    wanted = gr.Textbox(elem_id="wanted-cell", elem_classes="unseen", show_label=False)  # filled by studio.js
    with gr.Column(visible=False, elem_classes="card", elem_id="cell-box") as box:
        way = gr.Radio([], label=words.CHOOSE_WAY, interactive=True, elem_id="cell-way")
        shown = gr.Markdown(elem_id="cell", elem_classes="scrolled", latex_delimiters=[])
        reason = gr.Textbox(
            label=words.REASON, info=words.REASON_HELP, max_lines=3, max_length=500, elem_id="cell-reason"
        )
        notice = gr.Markdown(elem_id="cell-notice", elem_classes="notice")
        with gr.Row(elem_classes="buttons"):
            right = gr.Button(words.SAY_RIGHT, size="sm", elem_id="cell-right")
            wrong = gr.Button(words.SAY_WRONG, size="sm", elem_id="cell-wrong")
            back = gr.Button(words.TAKE_BACK, size="sm", visible=False, elem_id="cell-back")
    states = gr.State(NOWHERE), gr.State(0)
    return CellParts(wanted, way, shown, box, reason, right, wrong, back, notice, *states)


def connect(bench: Bench, parts: CellParts, card: gr.State) -> None:
    """Let a click on a field, and the choice of a way, show an answer, and the buttons say whether it is right."""

    def clicked(card_id: str, address: str) -> list[Any]:
        return drawn(bench, card_id, place_of({key: values[0] for key, values in parse_qs(address).items()}))

    def other_way(card_id: str, at: Place, column: str) -> list[Any]:
        return drawn(bench, card_id, (column, at[1]))

    parts.wanted.change(clicked, [card, parts.wanted], parts.outputs, **QUIET)
    parts.way.input(other_way, [card, parts.at, parts.way], parts.outputs, **QUIET)
    told = [parts.notice, parts.said, *parts.outputs]
    buttons: dict[Said, gr.Button] = {"right": parts.right, "wrong": parts.wrong}
    for said, button in buttons.items():
        button.click(_say(bench, said, len(told) - 1), [card, parts.at, parts.reason, parts.said], told, **QUIET)
    parts.back.click(_take_back(bench, len(told) - 1), [card, parts.at, parts.said], told, **QUIET)


def _say(bench: Bench, said: Said, count: int) -> Callable[..., Any]:
    @telling(count)
    def overruled(card_id: str, at: Place, reason: str | None, before: int) -> list[Any] | None:
        why, card = (reason or "").strip(), card_of(bench, card_id)
        if card is None:
            return None
        if not why:
            raise UserFault(words.NO_REASON, words.WRITE_REASON)
        bench.workspace.marks.put(card_id, _alike(bench, card, at), Mark(said, why))
        return [before + 1, *drawn(bench, card_id, at)]

    return overruled


def _take_back(bench: Bench, count: int) -> Callable[..., Any]:
    @telling(count)
    def taken_back(card_id: str, at: Place, before: int) -> list[Any] | None:
        card = card_of(bench, card_id)
        if card is None:
            return None
        bench.workspace.marks.take_back(card_id, _alike(bench, card, at))
        return [before + 1, *drawn(bench, card_id, at)]

    return taken_back


def _alike(bench: Bench, card: Scorecard, at: Place) -> tuple[Place, ...]:
    """What is said of an answer counts for every column that said the same: none is judged by its name."""
    return alike(read_answers(bench.workspace, card), (at[0], int(at[1])))


def place_of(asked: Mapping[str, str]) -> Place:
    """Return the answer that an address asks for: `q` is the question's row, `w` the column; NOWHERE without a row."""
    row = asked.get("q", "")
    return (asked.get("w", ""), int(row)) if row.isdecimal() else NOWHERE


def drawn(bench: Bench, card_id: str, at: Place) -> list[Any]:
    """Return what shows the answer there; nothing where there is none."""
    found = _shown(bench, card_id, at)
    return found if found is not None else [NOWHERE, gr.update(visible=False), *[gr.skip()] * 6]


def _shown(bench: Bench, card_id: str, at: Place) -> list[Any] | None:
    card = card_of(bench, card_id)
    try:
        lines = marked(bench.workspace, card)[1] if card and at != NOWHERE else []
    except Damaged:
        return None
    names = scores.column_names(card) if card else {}
    found = view.place(questions.questions(lines), names, int(at[1]), at[0])
    if card is None or found is None:
        return None
    one, column = found
    line = one.answers[column]
    choices = [(name, other) for other, name in names.items() if other in one.answers]
    return [
        (column, one.row),
        gr.update(visible=True),
        gr.Radio(choices, value=column),
        view.cell(one, column, card, bench.workspace.clock()),
        line["reason"] if "judged" in line else "",
        gr.update(visible=not line["right"]),
        gr.update(visible=bool(line["right"])),
        gr.update(visible="judged" in line),
    ]
