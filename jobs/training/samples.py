"""Sample answers while it learns: the same few watched questions before training and after looks, with their scores."""

import time
from statistics import fmean
from typing import Any

from jobs.context import JobContext
from jobs.metrics.scores import token_f1
from jobs.models.encoding import Encoder
from jobs.training.answers import answer, prompts, texts
from storage.records import Example

SAMPLE = "sample"
MOST = 12
_FEW = 3
# So long must a run take, in seconds, for this many questions; a processor answers four of them in some seconds.
_WORTH = ((600.0, MOST), (180.0, 6))
_MOST_TOKENS = 60
# So many are written to find out how long that takes.
_TRIED_TOKENS = 6


class Samples:
    """Asks the model the questions of `examples` and keeps its answers as records of the run.

    `before` are the answers of the base without its adapter; set, they are not asked for again and say how many
    questions there are. The score of an answer is the words that it shares with the wanted one, from 0 to 1.
    """

    def __init__(self, context: JobContext, encoder: Encoder, examples: tuple[Example, ...]) -> None:
        self._context = context
        self._encoder = encoder
        self._examples = examples
        self._asked = prompts(encoder, examples)
        self.before: list[str] = []
        self.most = MOST

    def show(self, model: Any, step: int) -> float:
        """Record what the model answers now; the first time, what the base answers without its adapter.

        Returns the mean score of the answers now; 0 the first time.
        """
        first = not self.before
        if first:
            with model.disable_adapter():
                self.before = self._answers(model, self.most)
        examples = self._examples[: len(self.before)]
        now = [""] * len(examples) if first else self._answers(model, len(examples))
        for example, before, after in zip(examples, self.before, now, strict=True):
            body = {"question": example.question, "expected": example.answer, "before": before, "now": after}
            scored = {"score_before": _score(example, before), "score": None if first else _score(example, after)}
            self._context.record(SAMPLE, step, {**body, **scored})
        return fmean(map(_score, examples, now)) if examples else 0.0

    def foretold_s(self, model: Any, read_s: float) -> float:
        """Return the seconds that asking will take where no answer ends early.

        `read_s` are the seconds in which a token of a question is read; those of writing one are tried out here,
        behind next to nothing, for a real question takes long to read.
        """
        asked = self._asked[: self.most]
        if not asked:
            return 0.0
        began = time.monotonic()
        answer(model, self._encoder, [ids[-1:] for ids in asked], _TRIED_TOKENS)
        write_s = (time.monotonic() - began) / _TRIED_TOKENS
        return read_s * sum(map(len, asked)) + write_s * _MOST_TOKENS

    def _answers(self, model: Any, most: int) -> list[str]:
        asked = self._asked[:most]
        return texts(self._encoder, answer(model, self._encoder, asked, _MOST_TOKENS)) if asked else []


def questions_for(seconds: float) -> int:
    """Return how many questions are asked in a run that takes so long."""
    return next((many for longer, many in _WORTH if seconds >= longer), _FEW)


def _score(example: Example, given: str) -> float:
    return round(token_f1(given, [example.answer]), 3)
