"""When a training keeps a checkpoint: now and then, near its end, and when its worker stops; what it may cost."""

import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from jobs.context import Interrupted, JobContext
from jobs.training.checkpoints import Checkpoints
from jobs.training.state import Parts, take

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a checkpoint is kept, in seconds since the last one or the beginning.

    Usually every `often_s`. One is also kept at the end of a pass in the second half of a run that had none so far, and
    at the end of the run, where `worth_s` were spent since. All are rarer where they would take more than `most_share`
    of the time.
    """

    often_s: float = 60.0
    worth_s: float = 20.0
    most_share: float = 0.02

    def due(self, since_s: float, cost_s: float, *, turning: bool) -> bool:
        """Whether one is due: `since_s` after the last, which took `cost_s`; `turning` at one of the places named."""
        return since_s >= max(self.worth_s if turning else self.often_s, cost_s / self.most_share)


RHYTHM = Rhythm()


class Keeping(TrainerCallback):
    """Keeps the checkpoints of a run, which stands at its beginning or at one; comes after Watching among callbacks."""

    def __init__(self, context: JobContext, parts: Parts, checkpoints: Checkpoints, rhythm: Rhythm) -> None:
        self._kept = {parts.pace.steps}
        self._context = context
        self._parts = parts
        self._checkpoints = checkpoints
        self._rhythm = rhythm
        self._since = time.monotonic()
        self._cost_s = 0.0
        self._whole = True

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Start the clock: what was spent on loading can't be kept."""
        self._since = time.monotonic()

    def on_pre_optimizer_step(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """From here on weights, optimizer and counters change one after the other."""
        self._whole = False

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Ask for a checkpoint after this step, and after the look that may follow it, where one is due."""
        late = 2 * state.global_step >= state.max_steps
        first = control.should_evaluate and late and self._kept == {0}
        control.should_save = self._due(turning=first or control.should_training_stop)

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """The loss of the step is recorded, so the step is over."""
        self._whole = True

    def on_evaluate(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Ask again where the look has ended the run."""
        control.should_save = control.should_save or self._due(turning=control.should_training_stop)

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Keep what was asked for."""
        self._keep()

    def interrupted(self) -> None:
        """Keep what there is before the worker stops, unless it is thrown away or a step is half done."""
        with suppress(Interrupted):
            self._context.check(fresh=True)
        step = self._parts.pace.steps
        if step in self._kept:
            return
        if not self._whole:
            log.info("A step was half done; the next attempt goes on from the checkpoint before it.")
            return
        self._keep()

    def _due(self, *, turning: bool) -> bool:
        return self._rhythm.due(time.monotonic() - self._since, self._cost_s, turning=turning)

    def _keep(self) -> None:
        began, step = time.monotonic(), self._parts.pace.steps
        self._checkpoints.keep(step, take(self._parts).write)
        self._kept.add(step)
        self._since = time.monotonic()
        self._cost_s = self._since - began
        log.info("Kept a checkpoint at step %d; that took %.2f s.", step, self._cost_s)
