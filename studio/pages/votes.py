"""The part of Scores that counts the votes given on Compare."""

from typing import Any

import gradio as gr

from jobs.evaluation.voting import counted
from storage.preferences import all_preferences
from storage.votes import all_votes
from studio.bench import Bench
from studio.names import names_in
from studio.pages.events import QUIET
from studio.views import votes as view
from studio.wording import votes as words


def build(bench: Bench, page: gr.Blocks) -> None:
    """Put the part on the page; the page's opening counts the votes."""
    with gr.Accordion(words.TITLE, open=False, visible=False, elem_id="votes") as box:
        told = gr.Markdown(elem_id="votes-told", elem_classes="scrolled", latex_delimiters=[])
    page.load(lambda: drawn(bench), None, [box, told], **QUIET)


def drawn(bench: Bench) -> list[Any]:
    """Return what the votes add up to; nothing where none was given between two answers."""
    votes = all_votes(bench.workspace.database)
    told = counted(votes)
    if not told.n:
        return [gr.update(visible=False), ""]
    used = [column for vote in votes for column in vote.columns]
    names = view.column_names(votes, names_in(bench.workspace, used))
    blind = counted([vote for vote in votes if vote.blind])
    pairs = words.take_away(len(all_preferences(bench.workspace.database)))
    return [gr.update(visible=True), "\n\n".join(filter(None, (view.votes(told, names, blind), pairs)))]
