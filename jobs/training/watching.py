"""What happens between the steps of a training: it tells where it is, looks at the watched rows, listens, gives way."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from jobs.context import JobContext
from jobs.training.courtesy import give_way
from jobs.training.forecast import FORECAST, Forecast, Rehearsed
from jobs.training.looking import Looks
from jobs.training.pace import Pace
from jobs.training.plan import Plan
from storage.records import Json

# Kept back of the seconds a run may take: for the last test, and for saving and loading again.
TAIL_S = 15.0


@dataclass(frozen=True, slots=True)
class Known:
    """What a rehearsal leaves for the forecast: its measures, the room there was, and the seconds of loading a base."""

    rehearsed: Rehearsed
    free_bytes: int
    load_s: float


class Watching(TrainerCallback):
    """Drives the pace of a run and reports it; `looks` tells how the watched rows do, None where none is watched.

    `known` is what a rehearsal found, None where there was none, and `forecast` what was said then. `look_due` is
    whether the watched rows were not looked at yet although they should be at this step; `earlier_s` are the seconds
    that earlier attempts spent on what this one goes on with.

    How the base did is found out after the first step, which so comes sooner: it is the model without its adapter.
    """

    def __init__(self, context: JobContext, plan: Plan, pace: Pace, looks: Looks | None) -> None:
        self.losses: list[float] = []
        self.looks = looks
        self.known: Known | None = None
        self.forecast: Forecast | None = None
        self.look_due = False
        self.earlier_s = 0.0
        self.tokens = 0
        self._context = context
        self._plan = plan
        self._pace = pace
        self._asking: Path = context.workspace.home / "run" / "asking"
        self._began = self._mark = time.monotonic()

    @property
    def over(self) -> bool:
        """Whether there is nothing more to learn: the end is reached, or looks brought nothing better for long."""
        return self._pace.steps >= self._pace.last or self._out_of_patience()

    @property
    def base_due(self) -> bool:
        """Whether it was not looked yet how the base does."""
        return self.looks is not None and not self.looks.watched

    def _out_of_patience(self) -> bool:
        return self.looks is not None and self.looks.out_of_patience

    def facts(self) -> Json:
        """Return what `put_back` needs beside the best weights."""
        return {
            "losses": self.losses,
            "look_due": self.look_due,
            "tokens": self.tokens,
            "spent_s": self._spent_s(),
            "looks": self.looks.facts() if self.looks else None,
        }

    def put_back(self, facts: Json) -> None:
        """Go on from where another attempt at the same run was; what it spent is spent."""
        self.losses = facts["losses"]
        if self.looks is not None:
            self.looks.put_back(facts["looks"])
        self.look_due, self.tokens, self.earlier_s = facts["look_due"], facts["tokens"], facts["spent_s"]
        self._began = self._mark = time.monotonic()

    def _spent_s(self) -> float:
        return self.earlier_s + time.monotonic() - self._began

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Say how long it will take."""
        if not state.global_step:
            self.foretell()

    def on_step_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Stop here if asked to; let a waiting question go first; then start the clock of the step."""
        self._context.check()
        give_way(self._asking, self._context.check)
        self._context.report("train")
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
        self.look_due = ends_a_look and not kept and self.looks is not None
        control.should_evaluate = self.look_due or (self.base_due and not kept)
        control.should_training_stop = kept or pace.steps >= pace.last
        self._context.report("train", pace.steps, pace.last, pace.seconds_left())

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
        if self.looks is None:
            return
        step, loss, looks = 0 if self.base_due else state.global_step, facts["metrics"]["eval_loss"], self.looks
        looks.loss_s = facts["metrics"]["eval_runtime"]
        # The samples take long, the rest no time: an interruption finds all of a look counted or nothing of it.
        looks.look(step, loss, facts["model"], self._spent_s())
        self.look_due = self.look_due and not step
        self._context.record("loss", step, {"eval_loss": loss, "epoch": (state.epoch or 0.0) if step else 0.0})
        self._pace.look_s = looks.usual_s(self._pace.learning_s)
        if self._out_of_patience():
            control.should_training_stop = True

    def foretell(self) -> None:
        """Say before the first step how long all will take and how much memory, where a rehearsal has measured it."""
        if self.known is None:
            return
        pace, plan, known = self._pace, self._plan, self.known
        if self.looks is not None:
            pace.look_s = self.looks.usual_s(pace.learning_s)
        pace = replace(pace)
        self._context.record("loss", 0, {"loss": known.rehearsed.loss, "epoch": 0.0, "lr": 0.0})
        if plan.seconds is not None:
            pace.fit(plan.seconds - TAIL_S - self._spent_s())
        job, asking = self._context.job, self.looks.ask_s if self.looks else 0.0
        gone = self._context.workspace.clock() - (job.started_at or self._context.workspace.clock())
        self.forecast = Forecast(
            seconds=gone + (pace.seconds_left() or 0.0) + known.load_s + 2 * asking,
            at_most=plan.patience is not None,
            steps=pace.last,
            passes=round(pace.last / pace.steps_a_pass, 2),
            step_s=pace.learning_s / pace.steps_a_pass,
            look_s=pace.look_s,
            peak_bytes=known.rehearsed.peak_bytes,
            room_bytes=known.free_bytes,
            rows=known.rehearsed.rows,
            batch_size=known.rehearsed.batch_size,
            halvings=self._context.halvings,
        )
        self._context.record(FORECAST, 0, self.forecast.body())
        self._context.report(None, 0, pace.last, pace.seconds_left())
