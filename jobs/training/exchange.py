"""What the processes of one training tell each other: weights and batches go out, summed gradients come back.

Plain collectives of torch.distributed over the learned weights, which are few; no message holds code
(assets/decisions/0021-several-gpus.md).
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from safetensors.torch import load, save

from jobs.context import OutOfDeviceMemory
from jobs.training.best import trained

# A look, questions, a pause: waiting is no fault. That a process is gone is seen by its parent or its child.
_PATIENCE = timedelta(days=1)
# The processes are on one computer, and nobody else shall reach them.
_LOOPBACK = "lo0" if sys.platform == "darwin" else "lo"
_COUNT, _SCALE = "count", "scale"

Batch = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where the processes of a training meet: a file, how many they are, and which this one is (0: the training)."""

    file: str
    size: int
    rank: int


@dataclass(frozen=True, slots=True)
class Work:
    """The batches of a step; the n-th is for process n, counted round.

    `count` is how many tokens the whole step learns, None where a batch counts as one; `scale` is by how much a loss is
    multiplied before its gradient is taken, where the number format needs that.
    """

    batches: Sequence[Batch]
    count: torch.Tensor | int | None = None
    scale: float = 1.0


class Exchange:
    """One process's end of the exchange. Made by all processes at the same time; each waits for the others."""

    def __init__(self, model: Any, meeting: Meeting) -> None:
        self.rank, self.size = meeting.rank, meeting.size
        self._weights = list(trained(model).values())
        device = self._weights[0].device
        os.environ.update(GLOO_SOCKET_IFNAME=_LOOPBACK, NCCL_SOCKET_IFNAME=_LOOPBACK)
        dist.init_process_group(
            "cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo",
            store=dist.FileStore(meeting.file, meeting.size),  # pyright: ignore[reportPrivateImportUsage]
            rank=meeting.rank,
            world_size=meeting.size,
            timeout=_PATIENCE,
        )
        # All weights or gradients in a line, then the loss, then how many processes had too little memory.
        self._line = torch.zeros(sum(weight.numel() for weight in self._weights) + 2, device=device)
        sizes = [weight.numel() for weight in self._weights]
        *self._pieces, self._loss, self._short = self._line.split([*sizes, 1, 1])

    def hand_out(self, work: Work) -> None:
        """As the training: let every helper begin with its share, from the weights as they are now."""
        self._tell(_packed(work))
        for piece, weight in zip(self._pieces, self._weights, strict=True):
            piece.copy_(weight.detach().flatten())
        dist.broadcast(self._line, 0)

    def take(self) -> Work | None:
        """As a helper: wait for a step and return it, with the weights put in place; None at the end."""
        told = self._told()
        if not told:
            return None
        dist.broadcast(self._line, 0)
        with torch.no_grad():
            for piece, weight in zip(self._pieces, self._weights, strict=True):
                weight.copy_(piece.view_as(weight))
        return _unpacked(told)

    def give(self, loss: float, *, short: bool) -> None:
        """As a helper: add the gradients that were found to those of the others, or say that memory was `short`."""
        self._sum(loss, short=short)

    def collect(self) -> torch.Tensor:
        """As the training: give the weights the gradients of the whole step, and return the loss the others had.

        Raises OutOfDeviceMemory where a helper's memory did not suffice.
        """
        self._sum(0.0, short=False)
        if self._short.item():
            raise OutOfDeviceMemory("The memory of another graphics card did not suffice for its share of a step.")
        for piece, weight in zip(self._pieces, self._weights, strict=True):
            weight.grad = piece.view_as(weight).clone()
        return self._loss[0].clone()

    def end(self) -> None:
        """As the training: let the helpers go."""
        self._tell(b"")

    def close(self) -> None:
        """Leave the others."""
        dist.destroy_process_group()

    def _sum(self, loss: float, *, short: bool) -> None:
        for piece, weight in zip(self._pieces, self._weights, strict=True):
            piece.zero_() if weight.grad is None else piece.copy_(weight.grad.flatten())
        self._loss.fill_(loss)
        self._short.fill_(float(short))
        dist.reduce(self._line, 0)

    def _tell(self, message: bytes) -> None:
        dist.broadcast(torch.tensor([len(message)]), 0)
        if message:
            dist.broadcast(torch.frombuffer(bytearray(message), dtype=torch.uint8), 0)

    def _told(self) -> bytes:
        length = torch.zeros(1, dtype=torch.long)
        dist.broadcast(length, 0)
        message = torch.empty(int(length), dtype=torch.uint8)
        if len(message):
            dist.broadcast(message, 0)
        return message.numpy().tobytes()


def _packed(work: Work) -> bytes:
    """Return the work in the safetensors form; a plain number becomes a tensor without dimensions."""
    batches = {
        f"{place}.{name}": torch.as_tensor(value).cpu().clone()
        for place, batch in enumerate(work.batches)
        for name, value in batch.items()
    }
    count = {} if work.count is None else {_COUNT: torch.as_tensor(work.count).cpu()}
    return save({**batches, **count, _SCALE: torch.tensor(work.scale, dtype=torch.float64)})


def _unpacked(message: bytes) -> Work:
    tensors = load(message)
    count, scale = tensors.pop(_COUNT, None), tensors.pop(_SCALE).item()
    batches: dict[int, dict[str, Any]] = {}
    for key, tensor in tensors.items():
        place, _, name = key.partition(".")
        batches.setdefault(int(place), {})[name] = tensor if tensor.dim() else tensor.item()
    return Work([batches[place] for place in sorted(batches)], count, scale)
