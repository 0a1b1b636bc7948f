"""Sample answers while it learns: the same few watched questions before training and after every look."""

from typing import Any

from jobs.context import JobContext
from jobs.models.encoding import Encoder
from jobs.training.answers import answer, prompts, texts
from storage.records import Example

_MOST_TOKENS = 60


class Samples:
    """Asks the model the questions of `examples` and keeps its answers as records of the run.

    `before` are the answers of the base without its adapter; set, they are not asked for again.
    """

    def __init__(self, context: JobContext, encoder: Encoder, examples: tuple[Example, ...]) -> None:
        self._context = context
        self._encoder = encoder
        self._examples = examples
        self._asked = prompts(encoder, examples)
        self.before: list[str] = []

    def show(self, model: Any, step: int) -> None:
        """Record what the model answers now; the first time, what the base answers without its adapter."""
        if not self.before:
            with model.disable_adapter():
                self.before = self._answers(model)
            now = [""] * len(self._examples)
        else:
            now = self._answers(model)
        for example, before, after in zip(self._examples, self.before, now, strict=True):
            body = {"question": example.question, "expected": example.answer, "before": before, "now": after}
            self._context.record("sample", step, body)

    def _answers(self, model: Any) -> list[str]:
        return texts(self._encoder, answer(model, self._encoder, self._asked, _MOST_TOKENS))
