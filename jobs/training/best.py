"""The best state a training reached so far, kept in memory."""

from typing import Any

import torch


class Best:
    """Holds a copy of the trained weights at the step where the watched rows were told best."""

    def __init__(self) -> None:
        self.step = 0
        self.loss = float("inf")
        self.looks_since = 0
        self._weights: dict[str, torch.Tensor] = {}

    def offer(self, step: int, loss: float, model: Any) -> None:
        """Keep the model's trained weights if `loss` is the lowest so far."""
        if loss < self.loss:
            self.step, self.loss, self.looks_since = step, loss, 0
            self._weights = {name: weight.detach().cpu().clone() for name, weight in _trained(model)}
        else:
            self.looks_since += 1

    def restore(self, model: Any) -> None:
        """Put the kept weights back into the model."""
        with torch.no_grad():
            for name, weight in _trained(model):
                weight.copy_(self._weights[name])


def _trained(model: Any) -> list[tuple[str, torch.Tensor]]:
    return [(name, weight) for name, weight in model.named_parameters() if weight.requires_grad]
