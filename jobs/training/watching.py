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

# Kept back of the seconds a run may take: for the last test, and for saving and loading again.
TAIL_S = 15.0


class WentAstray(TriptychError):
    """The numbers grew beyond all bounds; nothing of this run is of use."""

    next_step = "Train again with a smaller size of each correction, under Expert settings."


class Watching(TrainerCallback):
    """Drives the pace of a run and reports it. `show` gets the model and the step after every look."""

    def __init__(self, context: JobContext, plan: Plan, pace: Pace, show: Callable[[Any, int], None]) -> None:
        self.best = Best()
        self.losses: list[float] = []
        self.watched: list[tuple[int, float]] = []
        self._context = context
        self._plan = plan
        self._pace = pace
        self._show = show
        self._asking: Path = context.workspace.home / "run" / "asking"
        self._deadline = None if plan.seconds is None else time.monotonic() + plan.seconds - TAIL_S
        self._mark = time.monotonic()
        self._tokens = 0

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
        pace.stepped(time.monotonic() - self._mark, seen - self._tokens)
        self._tokens = seen
        ends_a_look = pace.ends_a_look()
        if self._deadline is not None and (pace.just_measured or ends_a_look):
            pace.fit(self._deadline - time.monotonic())
        state.max_steps = pace.last
        kept = self._context.finish_requested()
        control.should_evaluate = ends_a_look and not kept
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
        self.watched.append((step, loss))
        self._context.record("loss", step, {"eval_loss": loss, "epoch": state.epoch or 0.0})
        self.best.offer(step, loss, facts["model"])
        self._show(facts["model"], step)
        self._pace.look_s = time.monotonic() - self._mark
        if self._plan.patience is not None and self.best.looks_since >= self._plan.patience:
            control.should_training_stop = True
