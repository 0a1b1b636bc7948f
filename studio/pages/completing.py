"""On Compare: one button that asks again every column that ended without a whole answer."""

from typing import Any

import gradio as gr

from storage.errors import NotFound
from studio.bench import Bench
from studio.pages import placing
from studio.pages.events import QUIET
from studio.pages.sheet import Sheet
from studio.pages.telling import telling


def connect(bench: Bench, sheet: Sheet, ended: list[Any]) -> None:
    """Show the button whenever a column has ended (`ended`: those events) and some lack an answer; let it ask them."""
    button = sheet.top.complete

    def needed(comparison_id: str) -> Any:
        return gr.Button(visible=bool(_unanswered(bench, comparison_id)))

    @telling(3)
    def complete(comparison_id: str) -> list[Any]:
        bench.comparing.complete(comparison_id)
        now = bench.workspace.clock()
        further = placing.further(bench.workspace.comparisons.get(comparison_id), now)
        return [gr.Button(visible=False), now, further]

    for event in ended:
        event.success(needed, sheet.comparison, button, **QUIET)
    # The columns are followed anew, for `turned` and `further` change.
    outputs = [sheet.top.notice, button, sheet.turned, sheet.places.further]
    button.click(complete, sheet.comparison, outputs, **QUIET)


def _unanswered(bench: Bench, comparison_id: str) -> list[str]:
    try:
        return bench.comparing.unanswered(comparison_id)
    except NotFound:  # none is shown, or it was deleted meanwhile
        return []
