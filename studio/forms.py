"""Components to typed requests: the only place that reads what stands in a field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from jobs.requests import Choices
from storage.errors import UserFault
from studio.wording import compare

Values = Mapping[Component, Any]
MOST_CHARACTERS = 4000


@dataclass(frozen=True)
class QuestionForm:
    """A question and what its columns may use."""

    question: gr.Textbox
    adapter: gr.Dropdown
    collection: gr.Dropdown

    @property
    def inputs(self) -> set[Component]:
        """The fields to read."""
        return {self.question, self.adapter, self.collection}

    def asked(self, values: Values) -> str:
        """Return the question; raise UserFault where there is none or it is too long."""
        question = str(values[self.question] or "").strip()
        if not question:
            raise UserFault(compare.NO_QUESTION, compare.WRITE_ONE)
        if len(question) > MOST_CHARACTERS:
            raise UserFault(f"The question has {len(question):,} characters.", f"Use at most {MOST_CHARACTERS:,}.")
        return question

    def choices(self, values: Values, model: str) -> Choices:
        """Return what the columns may use; what is left at the newest is chosen when the question is asked."""
        return Choices(adapter_id=values[self.adapter] or None, collection=values[self.collection] or None, model=model)
