"""Sealed test questions on Scores: a new table can be sealed, and a second score of a sealed one is asked for twice."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.evaluation.asked import asked_for
from storage.errors import NotFound
from studio.bench import Bench
from studio.forms import Values
from studio.wording import test_questions as words


@dataclass(frozen=True)
class Sealing:
    """The fields. `box` stands there where sealed questions were scored before; `again` is the yes to it."""

    sealed: gr.Checkbox
    box: gr.Column
    why: gr.Markdown
    again: gr.Checkbox

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        return {self.sealed, self.again}

    @property
    def drawn(self) -> list[Any]:
        """What `draw` fills."""
        return [self.box, self.why, self.again]

    def seals(self, values: Values) -> bool:
        """Whether the new table is to be sealed."""
        return bool(values[self.sealed])

    def agreed(self, values: Values) -> bool:
        """Whether sealed questions are to be scored once more."""
        return bool(values[self.again])


def lay_out_again() -> tuple[gr.Column, gr.Markdown, gr.Checkbox]:
    """Put the question before a second score on the page, hidden."""
    with gr.Column(visible=False, elem_id="sealed-again") as box:
        why = gr.Markdown(elem_classes="notice", latex_delimiters=[])
        again = gr.Checkbox(label=words.AGAIN, value=False, elem_id="score-sealed-again")
    return box, why, again


def draw(bench: Bench, source: str | None) -> list[Any]:
    """Return the question before a second score; hidden where none has to be asked."""
    told = before_scoring(bench, source or "")
    return [gr.Column(visible=bool(told)), told, False]


def before_scoring(bench: Bench, source: str) -> str:
    """Return why sealed questions should not be scored once more; nothing where they may be scored."""
    try:
        kept = bench.workspace.question_sets.get(source)
    except NotFound:
        return ""
    before = asked_for(bench.queue, kept)
    return words.sealed_again(before.same, before.others) if kept.sealed and (before.same or before.others) else ""
