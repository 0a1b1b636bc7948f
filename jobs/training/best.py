"""The best state a training reached so far, kept in memory."""

from collections.abc import Mapping
from typing import Any

import torch

from storage.records import Json


class Best:
    """Holds a copy of the trained weights at the step where the watched rows were told best."""

    def __init__(self) -> None:
        self.step = 0
        self.loss = float("inf")
        self.looks_since = 0
        self.weights: Mapping[str, torch.Tensor] = {}

    def offer(self, step: int, loss: float, model: Any) -> None:
        """Keep the model's trained weights if `loss` is the lowest so far."""
        if loss < self.loss:
            self.step, self.loss, self.looks_since = step, loss, 0
            self.weights = {name: weight.detach().cpu().clone() for name, weight in trained(model).items()}
        else:
            self.looks_since += 1

    def restore(self, model: Any) -> None:
        """Put the kept weights back into the model."""
        set_trained(model, self.weights)

    def facts(self) -> Json:
        """Return what `put_back` needs beside the weights."""
        return {"step": self.step, "loss": self.loss, "looks_since": self.looks_since}

    def put_back(self, facts: Json, weights: Mapping[str, torch.Tensor]) -> None:
        """Be what another one was."""
        self.step, self.loss, self.looks_since = facts["step"], facts["loss"], facts["looks_since"]
        self.weights = weights


def trained(model: Any) -> dict[str, torch.Tensor]:
    """Return the weights that are learned, by name; they are the model's own, no copies."""
    return {name: weight for name, weight in model.named_parameters() if weight.requires_grad}


def set_trained(model: Any, weights: Mapping[str, torch.Tensor]) -> None:
    """Give the weights that are learned these values."""
    with torch.no_grad():
        for name, weight in trained(model).items():
            weight.copy_(weights[name])
