"""A place on a page follows the answer of the column that stands there, and its button stops it or asks it again."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import gradio as gr

from studio.bench import Bench
from studio.pages import columns
from studio.pages.columns import Find
from studio.pages.events import QUIET, TAIL
from studio.pages.telling import telling


def tail(bench: Bench, place: str, find: Find) -> Callable[[str], AsyncIterator[list[Any]]]:
    """Return what yields a slot's changes while its column is answered; `find` tells which column stands there."""

    async def following(comparison_id: str) -> AsyncIterator[list[Any]]:
        if not comparison_id:
            return
        column = find(bench.workspace.comparisons.get(comparison_id), place)
        async for changes in columns.follow(bench, comparison_id, column.id if column else place, place):
            yield changes

    return following


def connect_again(bench: Bench, slot: columns.Slot, comparison: gr.State, notice: gr.Markdown, find: Find) -> Any:
    """Let a slot's button stop its answer or ask it again; return the event that follows the answer."""

    @telling(0)
    def again(comparison_id: str, label: str) -> list[Any]:
        column = find(bench.workspace.comparisons.get(comparison_id), slot.place) if comparison_id else None
        if column is not None:
            columns.press(bench, comparison_id, column.id, label)
        return []

    pressed = slot.again.click(again, [comparison, slot.again], [notice], **QUIET)
    return pressed.success(tail(bench, slot.place, find), comparison, slot.outputs, **TAIL)
