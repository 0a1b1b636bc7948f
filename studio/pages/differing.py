"""Below the columns: one answer set against another, or against the one that is wanted, word by word."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from jobs.answering.voting import all_over
from jobs.evaluation.wanted import wanted_answer
from storage.errors import NotFound
from storage.records import AnswerState, Comparison
from studio.bench import Bench
from studio.pages.events import LATEST, QUIET
from studio.pages.placing import names_of
from studio.views import blind, markdown
from studio.views.difference import difference
from studio.wording import differing as words

WANTED = "wanted"


@dataclass(frozen=True)
class Differing:
    """The parts. `box` stands there once a question was asked."""

    box: gr.Accordion
    first: gr.Dropdown
    second: gr.Dropdown
    told: gr.Markdown

    @property
    def outputs(self) -> list[Any]:
        """What `offered` fills, in its order."""
        return [self.first, self.second, self.told]


def lay_out() -> Differing:
    """Put the parts on the page."""
    with gr.Accordion(words.TITLE, open=False, visible=False, elem_id="differing") as box:
        gr.Markdown(words.HELP, elem_classes="quiet")
        with gr.Row():
            first = gr.Dropdown([], label=words.FIRST, interactive=True, min_width=240, elem_id="differs-first")
            second = gr.Dropdown([], label=words.SECOND, interactive=True, min_width=240, elem_id="differs-second")
        told = gr.Markdown(elem_id="differs", elem_classes="notice", latex_delimiters=[])
    return Differing(box, first, second, told)


def closed() -> gr.Accordion:
    """Return the part as it stands when another comparison is shown, or when its names have come: folded up."""
    return gr.Accordion(visible=True, open=False)


def connect(bench: Bench, parts: Differing, comparison: gr.State) -> None:
    """Offer the columns when the part is unfolded, by letter while their names are hidden; compare what is chosen."""
    parts.box.expand(partial(offered, bench), comparison, parts.outputs, **QUIET)
    chosen = [parts.first.input, parts.second.input]
    gr.on(chosen, partial(compared, bench), [comparison, parts.first, parts.second], parts.told, **LATEST)


def offered(bench: Bench, comparison_id: str) -> list[Any]:
    """Return the columns to choose from, and how the first two differ."""
    comparison = _kept(bench, comparison_id)
    if comparison is None:
        return [gr.skip(), gr.skip(), ""]
    choices = [(name.title, column) for column, name in names_of(bench, comparison).items()]
    ids = [column.id for column in comparison.columns]
    first, second = ids[0] if ids else None, ids[1] if len(ids) > 1 else WANTED
    offers = gr.Dropdown(choices, value=first), gr.Dropdown([*choices, (words.WANTED, WANTED)], value=second)
    return [*offers, compared(bench, comparison_id, first, second)]


def compared(bench: Bench, comparison_id: str, first: str | None, second: str | None) -> str:
    """Return how two answers differ; a sentence where one of them is not there."""
    comparison = _kept(bench, comparison_id)
    if comparison is None or not first or not second:
        return ""
    if first == second:
        return words.SAME_COLUMN
    if bench.workspace.comparisons.sealed(comparison) and not all_over(bench.workspace.comparisons, comparison):
        return words.NOT_YET
    titles = {column: markdown.plain(name.title) for column, name in names_of(bench, comparison).items()}
    titles[WANTED] = words.WANTED.lower()
    texts = [_text(bench, comparison, column) for column in (first, second)]
    for column, text in zip((first, second), texts, strict=True):
        if not text:
            return words.NO_WANTED if column == WANTED else words.no_answer(titles[column])
    return difference(*texts, told=partial(words.differs, titles[first], titles[second]))


def _text(bench: Bench, comparison: Comparison, column_id: str) -> str:
    if column_id == WANTED:
        return wanted_answer(comparison.question, bench.workspace)
    answer = bench.comparing.read(comparison.id, column_id)
    return blind.said(answer.text, answer.calls) if answer.state is AnswerState.FINISHED else ""


def _kept(bench: Bench, comparison_id: str) -> Comparison | None:
    try:
        return bench.workspace.comparisons.get(comparison_id)
    except NotFound:
        return None
