"""The rehearsal of a training: a few real steps on its longest rows, there and back, with nothing learned from them."""

import logging
import time
from collections.abc import Callable, Sequence

from jobs.context import OutOfDeviceMemory
from jobs.training.best import trained
from jobs.training.forecast import Rehearsed, Timed
from jobs.training.peak import Room, peak_bytes, used_bytes, wait_for
from jobs.training.state import Parts

log = logging.getLogger(__name__)

# On a processor the longest rows of a large batch may take minutes; then fewer of them go through.
_MOST_S = 4.0
# Adam keeps two numbers for each weight that is learned.
_OPTIMIZER_BYTES = 8


def rehearse(parts: Parts, lengths: Sequence[int], room: Room, check: Callable[[], None]) -> Rehearsed:
    """Let a usual batch and one of the longest rows go through the model and back, and return what that took.

    `lengths` are those of the rows that are learned, in their order; `check` is called between and may raise. Raises
    OutOfDeviceMemory where the longest rows do not fit.
    """
    size, order = parts.plan.batch_size, sorted(range(len(lengths)), key=lengths.__getitem__)
    middle = _middle(order, lengths, size)
    before = used_bytes(parts.plan.device)
    _through(parts, order[:1])  # the first one also sets up memory and kernels
    check()
    usual, loss = _through(parts, middle)
    check()
    longest = order[-size:]
    rows = _affordable(parts, usual, longest, lengths)
    top, _ = _through(parts, longest[-rows:])
    peak = _scaled(before, peak_bytes(parts.plan.device), rows, len(longest))
    peak += _OPTIMIZER_BYTES * sum(weight.numel() for weight in trained(parts.trainer.model).values())
    found = Rehearsed(usual, top, rows, len(longest), peak, loss)
    log.info("%s", found)
    if peak - room.held_bytes > room.free_bytes:
        raise OutOfDeviceMemory(
            f"{len(longest)} of the longest examples at once need {(peak - room.held_bytes) / 1e9:.1f} GB of memory; "
            f"{room.free_bytes / 1e9:.1f} GB were free."
        )
    return found


def _middle(order: Sequence[int], lengths: Sequence[int], size: int) -> Sequence[int]:
    """The batch up to whose end half of all tokens lie."""
    half, seen = sum(lengths) / 2, 0
    for place, row in enumerate(order):
        seen += lengths[row]
        if seen >= half:
            start = min(place // size * size, max(0, len(order) - size))
            return order[start : start + size]
    return order[-size:]


def _affordable(parts: Parts, usual: Timed, longest: Sequence[int], lengths: Sequence[int]) -> int:
    """How many of the longest rows go through in the rehearsal: all, but on a processor no more than time allows."""
    if parts.plan.device != "cpu":
        return len(longest)
    a_row = usual.seconds / usual.tokens * lengths[longest[-1]]
    return max(1, min(len(longest), int(_MOST_S / a_row) if a_row else len(longest)))


def _through(parts: Parts, rows: Sequence[int]) -> tuple[Timed, float]:
    """Let these rows go through the model and back, and take back what that left behind."""
    trainer = parts.trainer
    model, table = trainer.model, trainer.train_dataset
    batch = trainer._prepare_inputs(trainer.data_collator([table[row] for row in rows]))
    model.train()
    began = time.monotonic()
    with trainer.accelerator.autocast():
        loss = trainer.compute_loss(model, batch)
    trainer.accelerator.backward(loss)
    told = float(loss.detach())
    wait_for(parts.plan.device)
    seconds = time.monotonic() - began
    model.zero_grad(set_to_none=True)
    return Timed(batch["input_ids"].numel(), seconds), told


def _scaled(before: int, peak: int, rows: int, of: int) -> int:
    """Return the memory of `of` rows from that of `rows`: what lies above the beginning grows with them."""
    return before + (peak - before) * of // rows
