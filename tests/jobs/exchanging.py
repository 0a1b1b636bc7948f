"""The helper's end of an exchange in a process of its own, for tests of the exchange: `… exchanging FILE HOW`."""

import sys

import torch

from jobs.training.exchange import Exchange, Meeting


def small_model() -> torch.nn.Linear:
    """Return two weights that are learned, and one that is not."""
    model = torch.nn.Linear(2, 1)
    model.bias.requires_grad_(False)
    return model


def main(file: str, how: str) -> None:
    """Take steps until the end; as gradient of each weight give the weight itself, or say that memory is short."""
    model = small_model()
    exchange = Exchange(model, Meeting(file, 2, 1))
    while (work := exchange.take()) is not None:
        model.weight.grad = model.weight.detach() + sum(int(batch["number"]) for batch in work.batches[1::2])
        exchange.give(0.5 * work.scale, short=how == "short")
    exchange.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
