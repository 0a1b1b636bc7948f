"""The trainer: TRL's SFTTrainer that follows a Pace, learns from answers only, and can go on from a saved state."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy
from torch.optim.lr_scheduler import LambdaLR
from transformers import TrainerState
from transformers.trainer import TRAINER_STATE_NAME
from trl.trainer.sft_trainer import SFTTrainer

from jobs.models.encoding import IGNORED
from jobs.training.batches import Order
from jobs.training.pace import Pace
from jobs.training.sharing import in_line, logits_of
from jobs.training.state import Saved, put_back_optimizer, put_back_random
from jobs.training.watching import Watching


class Learner(SFTTrainer):
    """SFTTrainer that saves the processor what is not learned.

    With `shares` the model takes a batch as a line behind the common beginning of its rows.
    """

    def __init__(self, *, shares: bool, **settings: Any) -> None:
        self.shares = shares
        super().__init__(**settings)

    def through(self, batch: Mapping[str, Any], count: Any, batches: int) -> float:
        """Let one of the `batches` of a step go through the model and back; return its loss.

        `count` are the tokens that the step learns, None where each of its batches counts the same.
        """
        self.current_gradient_accumulation_steps = batches
        inputs = self._prepare_inputs(dict(batch))
        loss = self.compute_loss(self.model, inputs, num_items_in_batch=self._prepare_input(count))
        loss = loss if count is not None else loss / batches
        self.accelerator.backward(loss)
        return float(loss.detach())

    def _send_telemetry(self) -> None:
        """Tell nobody; TRL would report each training to its makers."""

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """Return the loss; on a processor from logits of the answers only, where TRL would compute them for all."""
        if inputs["input_ids"].device.type != "cpu":
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        loss = shared_loss if self.shares else answer_loss
        return loss(model, inputs, num_items_in_batch)


class AnswerTrainer(Learner):
    """A Learner that follows a Pace and learns the rows in an order of ours.

    What transformers would write into its checkpoints and read from them is left to `jobs.training.keeping`.
    """

    def __init__(self, pace: Pace, order: Order, watching: Watching, **settings: Any) -> None:
        self._pace = pace
        self._watching = watching
        self._order = order
        self._saved: Saved | None = None
        super().__init__(callbacks=[watching], **settings)

    def go_on(self, saved: Saved) -> None:
        """Train on from a saved state; the caller has put back what lies outside of this trainer."""
        self._saved = saved
        folder = Path(str(self.args.output_dir))
        folder.mkdir(parents=True, exist_ok=True)
        # The only thing that is read from a file; all else is asked of the methods below.
        self.state.save_to_json(str(folder / TRAINER_STATE_NAME))
        self.train(resume_from_checkpoint=str(folder))

    def evaluate(self, *arguments: Any, **named: Any) -> dict[str, float]:
        """Look at the watched rows: the first time without what was learned, and then only if a look is due as well."""
        if self._watching.base_due:
            without: Any = self.model
            with without.disable_adapter():
                found = super().evaluate(*arguments, **named)
            if not self._watching.look_due:
                return found
        return super().evaluate(*arguments, **named)

    def stand_at(self, step: int, epoch: float, tokens: int) -> None:
        """Count from here on: so many steps, passes and tokens are done."""
        self.state = TrainerState(
            global_step=step,
            epoch=epoch,
            num_input_tokens_seen=tokens,
            train_batch_size=self.args.per_device_train_batch_size,
        )
        self.state.compute_steps(self.args, self.args.max_steps)

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> LambdaLR:
        """Let the pace decide the size of each correction: its end may come nearer while the run goes on."""
        chosen: Any = optimizer or self.optimizer
        self.lr_scheduler = LambdaLR(chosen, self._pace.factor)
        self._created_lr_scheduler = True
        return self.lr_scheduler

    def _get_train_sampler(self, train_dataset: Any = None) -> Order:
        return self._order

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        """Write nothing: the callback that asked for a checkpoint writes it itself, in a form without pickle."""

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        """Read nothing: the weights are put back before training goes on."""

    def _load_optimizer_and_scheduler(self, checkpoint: str | None) -> None:
        if self._saved is not None:
            put_back_optimizer(self, self._saved)

    def _load_scaler(self, checkpoint: str | None) -> None:
        """Read nothing: it comes back together with the optimizer."""

    def _load_rng_state(self, checkpoint: str | None) -> None:
        if self._saved is not None:
            put_back_random(self._saved.facts["random"])


def answer_loss(model: Any, inputs: dict[str, Any], count: Any = None) -> torch.Tensor:
    """Return the mean loss a learned token, over `count` tokens if this batch is a part of a larger one."""
    targets = inputs["labels"][:, 1:]
    places = (targets != IGNORED).any(dim=0).nonzero().flatten()
    logits = model(
        input_ids=inputs["input_ids"],
        attention_mask=inputs["attention_mask"],
        logits_to_keep=places,
        use_cache=False,
    ).logits
    return _mean_loss(logits.flatten(0, 1), targets[:, places].flatten(), count)


def shared_loss(model: Any, inputs: dict[str, Any], count: Any = None) -> torch.Tensor:
    """Return the loss of `answer_loss`, of a model that takes lines: what the rows begin with goes through once."""
    line = in_line(inputs["input_ids"], inputs["attention_mask"], inputs["labels"])
    places = (line.targets != IGNORED).nonzero().flatten()
    return _mean_loss(logits_of(model, line, places), line.targets[places], count)


def _mean_loss(logits: torch.Tensor, wanted: torch.Tensor, count: Any) -> torch.Tensor:
    total = cross_entropy(logits.float(), wanted, ignore_index=IGNORED, reduction="sum")
    return total / (count if count is not None else (wanted != IGNORED).sum())
