"""The form below a vote: the chosen answer, as the example that it becomes."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from storage.errors import UserFault
from studio.forms import Values
from studio.wording import voting as words


@dataclass(frozen=True)
class KeepForm:
    """A question with its good answer, and the set it is added to; `comparison` and `vote` say where it is from."""

    question: gr.Textbox
    answer: gr.Textbox
    dataset: gr.Dropdown
    comparison: gr.State
    vote: gr.Radio

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        return {self.question, self.answer, self.dataset, self.comparison, self.vote}

    def example(self, values: Values) -> tuple[str, str]:
        """Return the question and the answer as they were written."""
        return str(values[self.question] or ""), str(values[self.answer] or "")

    def name(self, values: Values) -> str:
        """Return the name of the set; raise UserFault where none was chosen."""
        if not values[self.dataset]:
            raise UserFault(words.NO_SET, words.CHOOSE_SET)
        return str(values[self.dataset])

    def origin(self, values: Values) -> tuple[str, str]:
        """Return the comparison and the column that was voted for."""
        return str(values[self.comparison] or ""), str(values[self.vote] or "")
