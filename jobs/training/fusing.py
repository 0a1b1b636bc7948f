"""A LoRA layer in as few passes over memory as it takes: what the adapter adds goes straight into the base's result.

PEFT computes base and adapter apart, scales one and adds it to the other: on a processor each of these is a walk
through memory that takes as long as a part of the product itself, on a card one more kernel to start. Here the second
product of the adapter is added by the routine that multiplies, forward and backward. The numbers are the same up to
the order in which they are added.
"""

from types import MethodType
from typing import Any, NamedTuple

import torch
from peft.tuners.lora.layer import Linear


class _Frozen(NamedTuple):
    """What is not learned in a layer: W, its bias if it has one, and s."""

    weight: torch.Tensor
    bias: torch.Tensor | None
    scale: float


class _Low(torch.autograd.Function):
    """y = x W' + s (x A') B' with frozen W (out x in), A (rank x in), B (out x rank); x is tokens x in.

    The adapter's weights are computed with in the format of `x`, as PEFT does under autocast.
    """

    @staticmethod
    def forward(ctx: Any, x: Any, first: Any, second: Any, frozen: _Frozen) -> Any:
        """Return y, tokens x out."""
        down, up = first.to(x.dtype), second.to(x.dtype)
        inner = x @ down.t()
        out = torch.nn.functional.linear(x, frozen.weight, frozen.bias)
        ctx.save_for_backward(x, first, second, inner)
        ctx.frozen = frozen
        return out.addmm_(inner, up.t(), alpha=frozen.scale)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the gradients of x, A and B."""
        (gradient,) = gradients
        x, first, second, inner = ctx.saved_tensors
        back = (gradient @ second.to(x.dtype)).mul_(ctx.frozen.scale)
        of_second = (gradient.t() @ inner).mul_(ctx.frozen.scale).to(second.dtype)
        of_first = (back.t() @ x).to(first.dtype)
        of_x = None
        if ctx.needs_input_grad[0]:
            of_x = (gradient @ ctx.frozen.weight).addmm_(back, first.to(x.dtype))
        return of_x, of_first, of_second, None


def fuse(model: Any) -> int:
    """Give every LoRA layer over a plain linear one the shorter way; return how many there are.

    Only for learning: without a gradient, and where the adapter is switched off, merged, or more than a plain one, the
    layer goes PEFT's way.
    """
    layers = [layer for layer in model.modules() if type(layer) is Linear and type(layer.base_layer) is torch.nn.Linear]
    for layer in layers:
        layer.forward = MethodType(_forward, layer)
    return len(layers)


def _forward(layer: Any, x: torch.Tensor, *args: Any, **more: Any) -> torch.Tensor:
    name = layer.active_adapters[0] if len(layer.active_adapters) == 1 else ""
    learning = torch.is_grad_enabled() and not (layer.disable_adapters or layer.merged)
    if more or not learning or not _plain(layer, name) or x.dtype != layer.weight.dtype:
        return Linear.forward(layer, x, *args, **more)
    frozen = _Frozen(layer.weight, layer.bias, layer.scaling[name])
    out = _Low.apply(x.flatten(0, -2), layer.lora_A[name].weight, layer.lora_B[name].weight, frozen)
    return out.view(*x.shape[:-1], out.shape[-1])


def _plain(layer: Any, name: str) -> bool:
    """Whether an adapter is two matrices and nothing else."""
    return (
        name in layer.lora_A
        and name not in layer.lora_variant
        and not layer.lora_bias[name]
        and isinstance(layer.lora_dropout[name], torch.nn.Identity)
    )
