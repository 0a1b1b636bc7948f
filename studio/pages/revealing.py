"""After a vote on columns whose names were hidden: the names, the evidence and the times appear."""

from string import ascii_uppercase
from typing import Any

import gradio as gr

from storage.records import Comparison
from studio.bench import Bench
from studio.names import names_in
from studio.pages import differing, placing
from studio.pages.events import QUIET
from studio.pages.sheet import Sheet
from studio.views import compare as view
from studio.views import markdown
from studio.views.places import named
from studio.wording import blind as words
from studio.wording import compare


def connect(bench: Bench, sheet: Sheet, cast: Any) -> None:
    """Let the names appear after each vote; `cast` is the event of the vote."""
    vote = sheet.voting.form.vote
    filled = [sheet.voting.voted, vote, sheet.turned, sheet.differing.box, sheet.places.further, sheet.places.dressed]

    def reveal(comparison_id: str) -> list[Any]:
        comparison = bench.workspace.comparisons.get(comparison_id)
        if not comparison.blind:
            return [gr.skip()] * len(filled)
        voted = bench.workspace.comparisons.voted(comparison_id) or ""
        titles = {column: name.title for column, name in placing.names_of(bench, comparison).items()}
        choices = gr.Radio(view.vote_choices(titles), value=voted)
        dressed = placing.dressed_for(bench, comparison)
        now = bench.workspace.clock()
        return [
            told(bench, comparison, voted),
            choices,
            now,
            differing.closed(),
            placing.further(comparison, now),
            dressed,
        ]

    cast.success(reveal, sheet.comparison, filled, **QUIET)


def told(bench: Bench, comparison: Comparison, voted: str) -> str:
    """Return what was chosen, by letter and by name; of a tie or of none that the names are there now."""
    for letter, column in zip(ascii_uppercase, comparison.columns, strict=False):
        if column.id == voted:
            title = markdown.plain(named(column, names_in(bench.workspace, [column])).title)
            return f"{words.chosen(letter, title)} {compare.VOTED}"
    return f"{compare.VOTED} {words.TOLD}"
