"""What happens between the steps of a training: it tells where it is, looks at the watched rows, listens, gives way."""

import time
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from jobs.context import JobContext
from jobs.training.best import Best
from jobs.training.courtesy import give_way
from jobs.training.pace import Pace
from jobs.training.plan import Plan
from storage.errors import TriptychError
from storage.records import Json

# Kept back of the seconds a run may take: for the last test, and for saving and loading again.
TAIL_S = 15.0


class WentAstray(TriptychError):
    """The numbers grew beyond all bounds; nothing of this run is of use."""

    next_step = "Train again with a smaller size of each correction, under Expert settings."


class Watching(TrainerCallback):
    """Drives the pace of a run and reports it. `show` gets the model and the step at every look.

    `look_due` is whether the watched rows were not looked at yet although they should be at this step; `earlier_s` are
    the seconds that earlier attempts spent on what this one goes on with.
    """

    def __init__(self, context: JobContext, plan: Plan, pace: Pace, show: Callable[[Any, int], None]) -> None:
        self.best = Best()
        self.losses: list[float] = []
        self.watched: list[tuple[int, float]] = []
        self.look_due = True
        self.earlier_s = 0.0
        self.tokens = 0
        self._context = context
        self._plan = plan
        self._pace = pace
        self._show = show
        self._asking: Path = context.workspace.home / "run" / "asking"
        self._began = self._mark = time.monotonic()

    @property
    def over(self) -> bool:
        """Whether there is nothing more to learn: the end is reached, or looks brought nothing better for long."""
        return self._pace.steps >= self._pace.last or self._out_of_patience()

    def facts(self) -> Json:
        """Return what `put_back` needs beside the best weights."""
        return {
            "losses": self.losses,
            "watched": self.watched,
            "look_due": self.look_due,
            "tokens": self.tokens,
            "spent_s": self._spent_s(),
            "best": self.best.facts(),
        }

    def put_back(self, facts: Json) -> None:
        """Go on from where another attempt at the same run was; what it spent is spent."""
        self.losses = facts["losses"]
        self.watched = [(step, loss) for step, loss in facts["watched"]]
        self.look_due, self.tokens, self.earlier_s = facts["look_due"], facts["tokens"], facts["spent_s"]
        self._began = self._mark = time.monotonic()

    def _spent_s(self) -> float:
        return self.earlier_s + time.monotonic() - self._began

    def _out_of_patience(self) -> bool:
        return self._plan.patience is not None and self.best.looks_since >= self._plan.patience

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Start the clock of the first look."""
        self._mark = time.monotonic()

    def on_step_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Stop here if asked to; let a waiting question go first; then start the clock of the step."""
        self._context.check()
        give_way(self._asking, self._context.check)
        self._mark = time.monotonic()

    def on_substep_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Stop within a step, too, where one takes long."""
        self._context.check()

    def on_prediction_step(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """Stop within a look, too."""
        self._context.check()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Count the step, set how far the run still goes, and say where it is."""
        pace = self._pace
        seen = int(state.num_input_tokens_seen)
        pace.stepped(time.monotonic() - self._mark, seen - self.tokens)
        self.tokens = seen
        ends_a_look = pace.ends_a_look()
        if self._plan.seconds is not None and (pace.just_measured or ends_a_look):
            pace.fit(self._plan.seconds - TAIL_S - self._spent_s())
        state.max_steps = pace.last
        kept = self._context.finish_requested()
        control.should_evaluate = self.look_due = ends_a_look and not kept
        control.should_training_stop = kept or pace.steps >= pace.last
        phase = "train" if pace.just_measured else None
        self._context.report(phase, pace.steps, pace.last, pace.seconds_left())
        self._mark = time.monotonic()

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **facts: Any) -> None:
        """Record the loss of a step."""
        logs = facts["logs"]
        if "loss" in logs:
            self.losses.append(logs["loss"])
            body = {"loss": logs["loss"], "epoch": logs["epoch"], "lr": logs["learning_rate"]}
            self._context.record("loss", state.global_step, body)

    def on_evaluate(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **facts: Any) -> None:
        """Record how far the watched rows are now, show samples, and end a run that no longer gets better."""
        self._context.check()
        step, loss = state.global_step, facts["metrics"]["eval_loss"]
        if not isfinite(loss):
            raise WentAstray(f"The training went astray at step {step}: its answers became noise.")
        # The samples take long, the rest no time: an interruption finds all of a look counted or nothing of it.
        self._show(facts["model"], step)
        self.best.offer(step, loss, facts["model"])
        self.watched.append((step, loss))
        self.look_due = False
        self._context.record("loss", step, {"eval_loss": loss, "epoch": state.epoch or 0.0})
        self._pace.look_s = time.monotonic() - self._mark
        if self._out_of_patience():
            control.should_training_stop = True
