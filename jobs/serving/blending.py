"""Base and adapters in one batch: every linear layer adds an adapter's part to the rows that belong to it."""

from dataclasses import dataclass, field

import torch
from torch import nn
from torch.nn import functional
from transformers import PreTrainedModel

from jobs.serving.adapters import LoadedAdapter


@dataclass(slots=True)
class Blend:
    """Which rows of the batch at hand go through which adapter: first row, row after the last, adapter."""

    spans: list[tuple[int, int, LoadedAdapter]] = field(default_factory=list)


class BlendedLinear(nn.Module):
    """A linear layer of the base. Rows without an adapter get exactly what the base computes."""

    def __init__(self, linear: nn.Linear, name: str, blend: Blend) -> None:
        super().__init__()
        self.weight, self.bias = linear.weight, linear.bias
        self.name, self._blend = name, blend

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the base's output, plus for each span its adapter's low-rank part."""
        out = functional.linear(rows, self.weight, self.bias)
        for first, after, adapter in self._blend.spans:
            pair = adapter.layers.get(self.name)
            if pair is not None:
                down, up = pair
                low = functional.linear(rows[first:after].flatten(0, -2).to(down.dtype), down)
                out[first:after].flatten(0, -2).add_((low @ up).to(out.dtype))
        return out


def blend_in(model: PreTrainedModel, blend: Blend) -> set[str]:
    """Put a blended layer in the place of every linear one and return their names."""
    linears = [(name, module) for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    head = model.get_output_embeddings()
    names = set[str]()
    for name, linear in linears:
        if linear is not head:
            parent, _, child = name.rpartition(".")
            setattr(model.get_submodule(parent), child, BlendedLinear(linear, name, blend))
            names.add(name)
    return names
