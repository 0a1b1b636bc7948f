"""The rehearsal of a training: a few real steps on its longest rows, there and back, with nothing learned from them."""

import logging
import time
from collections.abc import Callable, Sequence

from jobs.context import OutOfDeviceMemory
from jobs.training.best import trained
from jobs.training.exchange import Work
from jobs.training.forecast import Rehearsed, Timed
from jobs.training.hardware import Device
from jobs.training.peak import Room, peak_bytes, used_bytes, wait_for
from jobs.training.state import Parts

log = logging.getLogger(__name__)

# So many tokens of a batch go through a processor at most, some seconds; the rest is reckoned.
_MOST_TOKENS = 1024
# Adam keeps two numbers for each weight that is learned.
_OPTIMIZER_BYTES = 8


def rehearse(parts: Parts, lengths: Sequence[int], room: Room, check: Callable[[], None]) -> Rehearsed:
    """Let a usual batch and one of the longest rows go through the model and back, and return what that took.

    `lengths` are the tokens that each row sends through the model, in the rows' order; `check` is called between and
    may raise. Raises OutOfDeviceMemory where the longest rows do not fit.
    """
    device, size = parts.plan.device, parts.plan.batch_size
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    _through(parts, order[:1], lengths)  # the first one also sets up memory and kernels
    before = used_bytes(device)
    check()
    usual, loss = _through(parts, affordable(middle(order, lengths, size), lengths, device), lengths)
    check()
    longest = order[-size:]
    some = affordable(longest, lengths, device)
    top, _ = _through(parts, some, lengths)
    learned = sum(weight.numel() for weight in trained(parts.trainer.model).values())
    peak = _scaled(before, peak_bytes(device), (usual, top), len(longest) * lengths[longest[-1]])
    needed = peak + _OPTIMIZER_BYTES * learned
    found = Rehearsed(usual, top, len(some), len(longest), needed, loss, parts.plan.cards)
    log.info("%s", found)
    needed -= room.held_bytes
    if needed > room.free_bytes:
        raise OutOfDeviceMemory(
            f"{len(longest)} of the longest examples at once need {needed / 1e9:.1f} GB of memory; "
            f"{room.free_bytes / 1e9:.1f} GB were free."
        )
    return found


def affordable(rows: Sequence[int], lengths: Sequence[int], device: Device) -> Sequence[int]:
    """Return the rows of a batch, the longest last, that go through: on a processor what takes some seconds."""
    return rows if device != "cpu" else rows[-max(1, _MOST_TOKENS // lengths[rows[-1]]) :]


def middle(order: Sequence[int], lengths: Sequence[int], size: int) -> Sequence[int]:
    """Return the batch, of rows in `order` of their lengths, up to whose end half of all tokens lie."""
    half, seen = sum(lengths) / 2, 0
    for place, row in enumerate(order):
        seen += lengths[row]
        if seen >= half:
            start = min(place // size * size, max(0, len(order) - size))
            return order[start : start + size]
    return order[-size:]


def _through(parts: Parts, rows: Sequence[int], lengths: Sequence[int]) -> tuple[Timed, float]:
    """Let these rows go through the model and back, and take back what that left behind."""
    trainer = parts.trainer
    model, table = trainer.model, trainer.train_dataset
    batch = trainer._prepare_inputs(trainer.data_collator([table[row] for row in rows]))
    model.train()
    began = time.monotonic()
    if parts.others is not None:  # as in a step: each process has as much to do, and the sum is made
        parts.others.hand_out(Work([batch] * parts.plan.cards))
    with trainer.accelerator.autocast():
        loss = trainer.compute_loss(model, batch)
    told = float(loss.detach())
    wait_for(parts.plan.device)
    there_s = time.monotonic() - began
    trainer.accelerator.backward(loss)
    if parts.others is not None:
        parts.others.collect()
    wait_for(parts.plan.device)
    seconds = time.monotonic() - began
    model.zero_grad(set_to_none=True)
    return Timed(len(rows) * max(lengths[row] for row in rows), seconds, there_s), told


def _scaled(before: int, peak: int, gone: tuple[Timed, Timed], tokens: int) -> int:
    """Return the memory of a batch of `tokens` from that of the largest that went through.

    What lies above the beginning grows with the tokens.
    """
    largest = max(timed.tokens for timed in gone)
    return before + (peak - before) * max(tokens, largest) // largest
