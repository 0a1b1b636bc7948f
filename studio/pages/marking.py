"""The part of Scores where a person marks answers, the names of the ways hidden."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.evaluation.marking import Sheet, agreement, next_sheet, sheets
from storage.answers import read_answers
from storage.marks import Mark, Place, Said
from storage.records import Json
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.pages.score_drawing import card_of
from studio.pages.telling import telling
from studio.views import marking as view
from studio.wording import marking as words


@dataclass(frozen=True)
class Marking:
    """The parts. `number` is that of the answer shown, `last` the places of what was marked last."""

    box: gr.Accordion
    progress: gr.Markdown
    sheet: gr.Markdown
    reason: gr.Textbox
    buttons: dict[Said, gr.Button]
    back: gr.Button
    go_to: gr.Number
    notice: gr.Markdown
    agreement: gr.Markdown
    number: gr.State
    last: gr.State

    @property
    def shown(self) -> list[Any]:
        """What `_drawn` fills, in its order."""
        return [self.number, self.progress, self.sheet, self.agreement, self.reason, *self.buttons.values()]


def lay_out() -> Marking:
    """Put the parts on the page."""
    with gr.Accordion(words.TITLE, open=False, visible=False, elem_id="marking") as box:
        gr.Markdown(words.HELP, elem_classes="quiet")
        progress = gr.Markdown(elem_id="marking-progress", elem_classes="notice")
        sheet = gr.Markdown(elem_id="marking-sheet", latex_delimiters=[])
        with gr.Row(elem_classes="buttons"):
            buttons: dict[Said, gr.Button] = {
                "right": gr.Button(words.RIGHT, size="sm", scale=0, min_width=110, elem_id="mark-right"),
                "wrong": gr.Button(words.WRONG, size="sm", scale=0, min_width=110, elem_id="mark-wrong"),
                "skip": gr.Button(words.SKIP, size="sm", scale=0, min_width=110, elem_id="mark-skip"),
            }
            back = gr.Button(words.BACK, size="sm", scale=0, min_width=150, elem_id="mark-back")
        with gr.Row():
            reason = gr.Textbox(label=words.REASON, max_lines=2, max_length=500, scale=4, elem_id="mark-reason")
            go_to = gr.Number(
                1, label=words.GO_TO, precision=0, minimum=1, scale=1, min_width=120, elem_id="mark-go-to"
            )
        notice = gr.Markdown(elem_id="marking-notice", elem_classes="notice")
        agreed = gr.Markdown(elem_id="marking-agreement", elem_classes="scrolled", latex_delimiters=[])
    states = gr.State(0), gr.State(())
    return Marking(box, progress, sheet, reason, buttons, back, go_to, notice, agreed, *states)


def connect(bench: Bench, parts: Marking, card: gr.State) -> None:
    """Let the scorecard shown and the buttons draw the next answer."""
    drawn = [parts.notice, parts.last, *parts.shown]

    @telling(2 + len(parts.shown), failed=[gr.update(visible=False), *[gr.skip()] * (1 + len(parts.shown))])
    def begin(card_id: str) -> list[Any]:
        there = card_of(bench, card_id) is not None
        return [gr.update(visible=there), (), *_drawn(bench, card_id)]

    @telling(len(parts.shown))
    def go_to(card_id: str, row: float | None) -> list[Any] | None:
        wanted = next((one for one in _sheets(bench, card_id) if one.line["row"] == int(row or 0)), None)
        return None if wanted is None else _drawn(bench, card_id, shown=wanted)

    card.change(begin, card, [parts.notice, parts.box, parts.last, *parts.shown], **QUIET)
    for said, button in parts.buttons.items():
        button.click(_say(bench, said, len(drawn) - 1), [card, parts.number, parts.reason], drawn, **QUIET)
    parts.back.click(_take_back(bench, len(drawn) - 1), [card, parts.last], drawn, **QUIET)
    parts.go_to.submit(go_to, [card, parts.go_to], [parts.notice, *parts.shown], **QUIET)


def _say(bench: Bench, said: Said, count: int) -> Callable[..., Any]:
    @telling(count)
    def marked(card_id: str, number: int, reason: str | None) -> list[Any] | None:
        shown = next((one for one in _sheets(bench, card_id) if one.number == number), None)
        if shown is None:
            return None
        bench.workspace.marks.put(card_id, shown.places, Mark(said, (reason or "").strip(), blind=True))
        return [shown.places, *_drawn(bench, card_id, number)]

    return marked


def _take_back(bench: Bench, count: int) -> Callable[..., Any]:
    @telling(count)
    def taken_back(card_id: str, last: Sequence[Place]) -> list[Any] | None:
        if not last:
            return None
        places = [(column, int(row)) for column, row in last]
        bench.workspace.marks.take_back(card_id, places)
        again = next((one for one in _sheets(bench, card_id) if one.places[0] == places[0]), None)
        return [(), *_drawn(bench, card_id, shown=again)]

    return taken_back


def _lines(bench: Bench, card_id: str) -> list[Json]:
    card = card_of(bench, card_id)
    return read_answers(bench.workspace, card) if card else []


def _sheets(bench: Bench, card_id: str) -> list[Sheet]:
    return sheets(_lines(bench, card_id), card_id)


def _drawn(bench: Bench, card_id: str, after: int = 0, shown: Sheet | None = None) -> list[Any]:
    """Return the next answer after a number that nothing was said of, or the one wanted, with everything around it."""
    lines, marks = _lines(bench, card_id), bench.workspace.marks.of(card_id)
    asked = sheets(lines, card_id)
    found = shown or next_sheet(asked, marks, after)
    told = words.ALL_DONE if found is None else view.sheet(found)
    usable = [gr.Button(interactive=found is not None)] * 3
    agreed = view.agreement(agreement(lines, marks))
    return [found.number if found else 0, view.progress(asked, marks), told, agreed, "", *usable]
