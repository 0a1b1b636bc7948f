"""The trainer of a training over several cards: it hands out most of a step's batches and adds what comes back."""

from typing import Any

import torch

from jobs.training.exchange import Work
from jobs.training.helpers import Helpers
from jobs.training.trainer import AnswerTrainer


class DealingTrainer(AnswerTrainer):
    """An AnswerTrainer that takes every `cards`-th batch of a step itself and leaves the others to helpers.

    A step is made of the same batches, its gradient is the same sum, and the correction is made here alone.
    """

    def __init__(self, others: Helpers, *parts: Any, cards: int, **settings: Any) -> None:
        self._others = others
        self._cards = cards
        self._work = Work([])
        self._turn = 0
        super().__init__(*parts, **settings)

    def get_batch_samples(self, *arguments: Any, **named: Any) -> Any:
        """Take the batches of the next step."""
        batches, count = super().get_batch_samples(*arguments, **named)
        scaler = self.accelerator.scaler
        self._work = Work(batches, count, scaler.get_scale() if scaler is not None else 1.0)
        self._turn = 0
        return batches, count

    def training_step(self, model: Any, inputs: Any, num_items_in_batch: Any = None) -> torch.Tensor:
        """Return the loss of a batch of one's own; with the last batch of a step comes all that the helpers found."""
        turn, self._turn = self._turn, self._turn + 1
        if turn == 0:
            self._others.hand_out(self._work)
        loss = torch.zeros((), device=self.args.device)
        if turn % self._cards == 0:
            loss = super().training_step(model, inputs, num_items_in_batch)
        return loss + self._others.collect() if self._turn == len(self._work.batches) else loss
