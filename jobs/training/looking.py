"""A look at the watched rows: how far they are, what the model answers now, which state was best, and what it costs."""

import time
from collections.abc import Callable
from math import isfinite
from typing import Any

from jobs.training.best import Best
from jobs.training.plan import Plan
from storage.errors import TriptychError
from storage.records import Json

# Asking questions may take this share of the time; with the loss of the watched rows a look stays below a tenth.
ASK_SHARE = 0.06


class WentAstray(TriptychError):
    """The numbers grew beyond all bounds; nothing of this run is of use."""

    next_step = "Train again with a smaller size of each correction, under Expert settings."


class Looks:
    """The looks of one run. `show` gets the model and the step, asks the questions and returns their mean score.

    `watched` are the distances by step, `asked_at` the step at which questions were asked last. `loss_s` and `ask_s`
    are what the two parts of a look took last; before the first one, what they will probably take.
    """

    def __init__(self, plan: Plan, show: Callable[[Any, int], float]) -> None:
        self.best = Best()
        self.watched: list[tuple[int, float]] = []
        self.asked_at = -1
        self.loss_s = 0.0
        self.ask_s = 0.0
        self._asking_s = 0.0
        self._plan = plan
        self._show = show

    @property
    def out_of_patience(self) -> bool:
        """Whether looks brought nothing better for as long as the plan waits."""
        return self._plan.patience is not None and self.best.looks_since >= self._plan.patience

    def look(self, step: int, loss: float, model: Any, spent_s: float) -> None:
        """Count a look that took `loss` as the distance; ask the questions where the time spent so far allows it.

        The state before the first step is no candidate for the best: it has learned nothing. Raises WentAstray.
        """
        if not isfinite(loss):
            raise WentAstray(f"The training went astray at step {step}: its answers became noise.")
        by_answers = self._plan.judged_by == "answers"
        score = 0.0
        if not step or by_answers or self._asking_s + self.ask_s <= ASK_SHARE * spent_s:
            score = self.ask(step, model)
        if step:
            self.best.offer(step, -score if by_answers else loss, model)
        self.watched.append((step, loss))

    def ask(self, step: int, model: Any) -> float:
        """Ask the questions and return the mean score of the answers."""
        began = time.monotonic()
        score = self._show(model, step)
        self.ask_s = time.monotonic() - began
        self._asking_s += self.ask_s if step else 0.0
        self.asked_at = step
        return score

    def usual_s(self, between_s: float) -> float:
        """Return the seconds that a look takes where `between_s` lie between two."""
        asking = self.ask_s if self._plan.judged_by == "answers" else min(self.ask_s, ASK_SHARE * between_s)
        return self.loss_s + asking

    def loss_at(self, step: int) -> float:
        """Return the distance at a step that was looked at."""
        return next(loss for at, loss in reversed(self.watched) if at == step)

    def facts(self) -> Json:
        """Return what `put_back` needs beside the best weights."""
        return {
            "watched": self.watched,
            "asked_at": self.asked_at,
            "seconds": [self.loss_s, self.ask_s, self._asking_s],
            "best": self.best.facts(),
        }

    def put_back(self, facts: Json) -> None:
        """Go on from where another attempt at the same run was."""
        self.watched = [(step, loss) for step, loss in facts["watched"]]
        self.asked_at = facts["asked_at"]
        self.loss_s, self.ask_s, self._asking_s = facts["seconds"]
