"""The fields in which a person says what the answer to a test question must hold."""

import re
from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.evaluation.editing import Choice
from jobs.metrics.facts import Expected
from studio.forms import Values
from studio.views import test_questions as view
from studio.wording import test_questions as words


@dataclass(frozen=True)
class FactForm:
    """Facts to tick, further phrases that are needed, phrases that are wrong; `hint` says what counts without facts."""

    facts: gr.CheckboxGroup
    hint: gr.Markdown
    more: gr.Textbox
    wrong: gr.Textbox

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        return {self.facts, self.more, self.wrong}

    @property
    def offered(self) -> list[Any]:
        """What `offer` fills."""
        return [self.facts, self.hint]

    @property
    def filled(self) -> list[Any]:
        """What `fill` fills."""
        return [*self.offered, self.more, self.wrong]

    def choice(self, values: Values) -> Choice:
        """Return what is ticked and written, each phrase once."""
        needed = [*(values[self.facts] or []), *_phrases(values[self.more])]
        return Choice(list(dict.fromkeys(needed)), list(dict.fromkeys(_phrases(values[self.wrong]))))


def lay_out(name: str) -> FactForm:
    """Put the fields on the page; `name` begins their ids."""
    facts = gr.CheckboxGroup(
        [], label=words.FACTS, info=words.FACTS_HELP, interactive=True, visible=False, elem_id=f"{name}-facts"
    )
    hint = gr.Markdown(elem_id=f"{name}-hint", elem_classes="quiet")
    with gr.Row():
        more = gr.Textbox(label=words.MORE, info=words.MORE_HELP, max_lines=3, elem_id=f"{name}-more")
        wrong = gr.Textbox(label=words.WRONG, info=words.WRONG_HELP, max_lines=3, elem_id=f"{name}-wrong")
    return FactForm(facts, hint, more, wrong)


def offer(expected: Expected) -> list[Any]:
    """Return the facts of a wanted answer to tick, and what counts where there are none."""
    choices, ticked = view.fact_choices(expected)
    return [gr.CheckboxGroup(choices, value=ticked, visible=bool(choices)), view.without_facts(expected)]


def fill(expected: Expected) -> list[Any]:
    """Return all fields as they stand for a question that is kept."""
    return [*offer(expected), "", "; ".join(expected.wrong)]


def _phrases(text: Any) -> list[str]:
    return [phrase.strip() for phrase in re.split(r"[;\n]", str(text or "")) if phrase.strip()]
