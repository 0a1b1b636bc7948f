"""A helper of a training, on a card of its own: `python -m jobs.training.helping PARENT ORDERS`.

It learns nothing by itself and keeps nothing: for each step it is given the weights and batches, and gives gradients.
"""

import logging
import signal
import sys
from collections.abc import Sequence
from typing import Any

import torch

from jobs.training.exchange import Exchange, Work
from jobs.training.orders import Orders
from jobs.training.setting_up import set_up_learner
from jobs.training.trainer import Learner
from storage.orphans import die_with

log = logging.getLogger(__name__)


def main(arguments: Sequence[str]) -> int:
    """Help until the training ends, which also ends this process if it ends in any other way."""
    parent, orders = int(arguments[0]), Orders.read(arguments[1])
    die_with(parent)
    # Whoever asks all processes to stop asks the training, too, and that may have something to keep first.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    learner = set_up_learner(orders.plan, orders.base, orders.longest, orders.scratch)
    exchange = Exchange(learner.model, orders.meeting)
    help_out(learner, exchange)
    exchange.close()
    return 0


def help_out(learner: Learner, exchange: Exchange) -> None:
    """Take a share of every step until there is none."""
    model: Any = learner.model
    while (work := exchange.take()) is not None:
        loss, short = 0.0, False
        try:
            loss = learn(learner, work, exchange.rank, exchange.size)
        except (torch.OutOfMemoryError, MemoryError):
            log.exception("The share of a step did not fit into memory.")
            short = True
        exchange.give(loss, short=short)
        model.zero_grad(set_to_none=True)


def learn(learner: Learner, work: Work, rank: int, size: int) -> float:
    """Let the batches of process `rank` go through the model and back; return the sum of their losses."""
    scaler, loss = learner.accelerator.scaler, 0.0
    if scaler is not None:
        scaler.load_state_dict({**scaler.state_dict(), "scale": work.scale})
    for batch in work.batches[rank::size]:
        loss += learner.through(batch, work.count, len(work.batches))
    return loss


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
