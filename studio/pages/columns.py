"""One column of a comparison: what it looks like, and how its stored events change it while they come in."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.answering.lacking import lacking
from jobs.answering.voting import all_over
from storage.approvals import Approval
from storage.records import AnswerState, Column, Comparison
from studio.bench import Bench
from studio.pages import approving
from studio.views import answers as view
from studio.views import blind
from studio.views.places import SEALED
from studio.wording import compare
from studio.wording.ways import way_words

# Which column of a comparison stands at a place of the page.
Find = Callable[[Comparison, str], Column | None]
PAUSE_S = 0.2
WHOLE_EVERY_S = 2.0


@dataclass(frozen=True)
class Slot:
    """The parts of one column. `place` is where it stands, called after the way that stands there usually."""

    place: str
    box: gr.Column
    head: gr.Markdown
    status: gr.Markdown
    text: gr.Markdown
    sources: tuple[gr.Button, ...]
    calls: tuple[tuple[gr.Accordion, gr.Markdown], ...]
    more: gr.Markdown
    badge: gr.Markdown
    again: gr.Button
    evidence: gr.Button
    wider: gr.Button
    card: approving.Card

    @property
    def outputs(self) -> list[Any]:
        """What the events of an answer change, in the order of `drawn`."""
        cards = [part for card in self.calls for part in card]
        return [self.status, self.text, *self.sources, *cards, self.more, self.badge, self.again, *self.card.outputs]


def slot(place: str, card: approving.Card, *, visible: bool = True) -> Slot:
    """Lay out the column at `place`, whose calls ask on `card`."""
    words = way_words(place)
    with gr.Column(elem_id=f"way-{place}", elem_classes=["way", f"way-{place}"], min_width=0, visible=visible) as box:
        head = gr.Markdown(f"## {words.heading}\n\n{words.meaning}", elem_classes="way-head", latex_delimiters=[])
        status = gr.Markdown(elem_id=f"status-{place}", elem_classes="quiet status")
        text = gr.Markdown(elem_id=f"answer-{place}", elem_classes="answer", latex_delimiters=[], line_breaks=True)
        with gr.Row(elem_classes="sources"):
            sources = tuple(_source(place, number) for number in range(1, view.MOST_SOURCES + 1))
        calls = tuple(_call(place, number) for number in range(1, view.MOST_CALLS + 1))
        more = gr.Markdown(elem_classes="quiet")
        badge = gr.Markdown(elem_id=f"badge-{place}", elem_classes="badge", latex_delimiters=[])
        with gr.Row(elem_classes="column-buttons"):
            again, evidence, wider = (_button(name, place) for name in (compare.AGAIN, "Evidence", compare.WIDER))
    return Slot(place, box, head, status, text, sources, calls, more, badge, again, evidence, wider, card)


def _source(place: str, number: int) -> gr.Button:
    return gr.Button(str(number), size="sm", visible=False, elem_id=view.source_id(place, number), elem_classes="chip")


def _call(place: str, number: int) -> tuple[gr.Accordion, gr.Markdown]:
    with gr.Accordion("", open=False, visible=False, elem_id=f"call-{place}-{number}", elem_classes="call") as card:
        return card, gr.Markdown(latex_delimiters=[])


def _button(name: str, place: str) -> gr.Button:
    return gr.Button(name, size="sm", min_width=0, elem_id=f"{name.lower()}-{place}", elem_classes="small")


def drawn(column: Column, now: view.Standing, at: float, adapter_name: str, place: str = "") -> list[Any]:
    """Return the values of a slot's outputs, for comparing with those shown last."""
    sources = [
        {"value": view.source_label(number, passage), "visible": True}
        for number, passage in enumerate(now.passages[: view.MOST_SOURCES], 1)
    ]
    cards: list[dict[str, Any]] = []
    for call in now.calls[: view.MOST_CALLS]:
        cards += [{"label": view.call_label(call), "visible": True}, {"value": view.call_body(call)}]
    return [
        {"value": view.status(now, at)},
        {"value": view.text(now, column, place)},
        *_filled(sources, view.MOST_SOURCES, [{"visible": False}]),
        *_filled(cards, 2 * view.MOST_CALLS, [{"visible": False, "open": False}, {"value": ""}]),
        {"value": view.more_calls(now.calls)},
        {"value": view.badge(now, adapter_name)},
        _button_label(now),
    ]


def _button_label(now: view.Standing) -> dict[str, Any]:
    return {"value": compare.AGAIN if now.state.final else compare.STOP_ONE}


def _filled(parts: list[dict[str, Any]], length: int, empty: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*parts, *(empty[index % len(empty)] for index in range(len(parts), length))]


def _changes(before: list[Any] | None, now: list[Any]) -> list[Any]:
    if before is None:
        return [gr.update(**part) for part in now]
    return [gr.skip() if old == new else gr.update(**new) for old, new in zip(before, now, strict=True)]


def sealed_drawn(now: view.Standing, *, shown: bool) -> list[Any]:
    """Return the values of a slot's outputs while nobody may know which column it is; `shown` once all have ended."""
    _, _, *rest, _ = drawn(Column("", ""), view.Standing(), 0.0, "")
    told = [{"value": blind.status(now, shown=shown)}, {"value": blind.text(now, shown=shown)}]
    return [*told, *rest, _button_label(now)]


async def follow(bench: Bench, comparison_id: str, column_id: str, place: str = "") -> AsyncIterator[list[Any]]:
    """Yield a slot's changes while the column's newest attempt is written elsewhere; end when it is over.

    `place` is where the column stands on the page, its own id unless told. Only changes are sent, but all of it at the
    end and every other second: a browser under load may let one go by, and would show a wrong state from then on.
    """
    shown: list[Any] | None = None
    whole_at = time.monotonic()
    while True:
        values, over = await asyncio.to_thread(_look, bench, comparison_id, column_id, place or column_id)
        if due := over or time.monotonic() - whole_at > WHOLE_EVERY_S:
            shown, whole_at = None, time.monotonic()
        if due or values != shown:
            yield _changes(shown, values)
            shown = values
        if over:
            return
        await asyncio.sleep(PAUSE_S)


def _look(bench: Bench, comparison_id: str, column_id: str, place: str) -> tuple[list[Any], bool]:
    kept = bench.workspace.comparisons
    comparison = kept.get(comparison_id)
    column = column_of(comparison, column_id)
    if column is None:
        _, *rest = drawn(Column(column_id, column_id), view.Standing(AnswerState.STOPPED), 0.0, "")
        return [{"value": compare.NOT_ASKED}, *rest, *_card(None, column_id, 0.0)], True
    now, at = view.standing(kept.events(comparison_id, column.id)), bench.workspace.clock()
    asked = approving.waiting(bench, comparison_id, column.id) if now.asking else None
    if kept.sealed(comparison):
        over = all_over(kept, comparison)
        return [*sealed_drawn(now, shown=over), *_card(asked, SEALED, at)], over
    name = adapter_name(bench, column) if now.state.final else ""
    return [*drawn(column, now, at, name, place), *_card(asked, column.way, at)], now.state.final


def _card(asked: Approval | None, look: str, at: float) -> list[dict[str, Any]]:
    box, *rest = approving.drawn(asked, look, at)
    return [{**box, "elem_classes": approving.classes(look)}, *rest]


def press(bench: Bench, comparison_id: str, column_id: str, label: str) -> None:
    """Do what stood on a column's button when it was pressed: stop its answer, or ask it again."""
    if label == compare.STOP_ONE:
        bench.comparing.stop(comparison_id, column_id)
    else:
        bench.comparing.again(comparison_id, column_id)


def before_asking(bench: Bench, column: Column) -> list[Any]:
    """Return what a column says before any question: nothing, or what it still lacks and where that is made."""
    missing = lacking(column, bench.workspace)
    if missing is None:
        return ["", ""]
    now = view.lacking(missing)
    return [view.status(now, 0.0), view.text(now, column)]


def column_of(comparison: Comparison, column_id: str) -> Column | None:
    """Return the comparison's column of that id, or None where it was not asked."""
    return next((column for column in comparison.columns if column.id == column_id), None)


def adapter_name(bench: Bench, column: Column) -> str:
    """Return how the person called the adapter that the column uses, also one deleted since; empty without one."""
    if column.adapter_id is None:
        return ""
    return bench.workspace.adapters.names([column.adapter_id]).get(column.adapter_id, "")
