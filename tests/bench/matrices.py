"""How fast this machine multiplies matrices of a model's own shapes, the limit that a training is set against."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch.nn.functional import linear

from jobs.models.memory import Shape

_TRIALS, _LEAST_S = 5, 0.5


@dataclass(frozen=True)
class Products:
    """One kind of linear layer: its sizes, and how many of it a model has."""

    inputs: int
    outputs: int
    count: int

    @property
    def weights(self) -> int:
        """The weights of all of them."""
        return self.inputs * self.outputs * self.count


def layers_of(shape: Shape) -> list[Products]:
    """Return the linear layers of a model of the Llama family, its head left out."""
    return [
        Products(shape.hidden, shape.hidden, 2 * shape.layers),
        Products(shape.hidden, shape.keys, 2 * shape.layers),
        Products(shape.hidden, shape.inner, 2 * shape.layers),
        Products(shape.inner, shape.hidden, shape.layers),
    ]


def parameters_in_use(shape: Shape, answered: float) -> float:
    """Return the weights that a token is multiplied with: every layer, and the head for the share that is learned."""
    return sum(kind.weights for kind in layers_of(shape)) + answered * shape.hidden * shape.vocabulary


def flops_a_second(layers: Sequence[Products], rows: int, dtype: torch.dtype) -> float:
    """Return the most floating-point operations a second, there and back through layers of these shapes."""
    kinds = [
        (torch.randn(kind.outputs, kind.inputs).to(dtype), torch.randn(rows, kind.inputs).to(dtype), kind.count)
        for kind in layers
    ]

    def once() -> None:
        for weight, inputs, count in kinds:
            for _ in range(count):
                linear(linear(inputs, weight), weight.T)

    with torch.inference_mode():
        once()
        fastest = min(_seconds(once) for _ in range(_TRIALS))
    return 4 * rows * sum(kind.weights for kind in layers) / fastest


def _seconds(once: Callable[[], None]) -> float:
    """Return the seconds of one run, from as many as fill half a second."""
    begun, runs = time.monotonic(), 0
    while time.monotonic() - begun < _LEAST_S:
        once()
        runs += 1
    return (time.monotonic() - begun) / runs
