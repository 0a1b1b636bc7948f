"""The state of a training between two steps: taken from its parts, kept as files, put back into parts made anew."""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from jobs.training.batches import Order
from jobs.training.best import Best, set_trained, trained
from jobs.training.helpers import Helpers
from jobs.training.pace import Pace
from jobs.training.plan import Plan
from jobs.training.samples import Samples
from jobs.training.tensors import Tensors, read_tensors, write_tensors
from jobs.training.watching import Watching
from storage.records import Json

_WEIGHTS = "adapter.safetensors"
_BEST = "best.safetensors"
_OPTIMIZER = "optimizer.safetensors"
_FACTS = "state.json"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run consists of. The trainer is transformers' Trainer with whatever is built on it.

    `load_s` are the seconds that loading the base model took; `others` take a share of every step, None for a training
    of one process.
    """

    plan: Plan
    trainer: Any
    watching: Watching
    pace: Pace
    samples: Samples
    order: Order
    load_s: float = 0.0
    others: Helpers | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The state of a training: tensors, and everything else as JSON, so that reading it runs no code.

    `best` is None where the best weights so far are these very weights.
    """

    weights: Tensors
    best: Tensors | None
    optimizer: Tensors
    facts: Json

    def write(self, folder: Path) -> None:
        """Write the state as files into an empty folder."""
        write_tensors(folder / _WEIGHTS, self.weights)
        write_tensors(folder / _OPTIMIZER, self.optimizer)
        if self.best is not None:
            write_tensors(folder / _BEST, self.best)
        (folder / _FACTS).write_text(json.dumps(self.facts), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Saved":
        """Read what `write` wrote; the caller has checked that the files are what was saved."""
        best = folder / _BEST
        return cls(
            weights=read_tensors(folder / _WEIGHTS),
            best=read_tensors(best) if best.exists() else None,
            optimizer=read_tensors(folder / _OPTIMIZER),
            facts=json.loads((folder / _FACTS).read_text(encoding="utf-8")),
        )


def take(parts: Parts) -> Saved:
    """Return the state of a training between two steps. Its tensors are the run's own: write them before it goes on."""
    trainer, looks = parts.trainer, parts.watching.looks
    optimizer, numbers, groups = _taken_apart(trainer.optimizer.state_dict())
    facts = {
        "dtype": parts.plan.dtype,
        "epoch": trainer.state.epoch,
        "pace": parts.pace.facts(),
        "watching": parts.watching.facts(),
        "before": parts.samples.before,
        "optimizer": {"numbers": numbers, "groups": groups},
        "schedule": {name: value for name, value in trainer.lr_scheduler.state_dict().items() if name != "lr_lambdas"},
        "scaler": trainer.accelerator.scaler.state_dict() if trainer.accelerator.scaler is not None else None,
        "random": _random(),
    }
    best = looks.best if looks else None
    return Saved(trained(trainer.model), _apart(best, parts.pace.steps), optimizer, facts)


def _apart(best: Best | None, step: int) -> Tensors | None:
    """Return the best weights where they are others than those of this step."""
    return None if best is None or best.step in {0, step} else best.weights


def put_back(parts: Parts, saved: Saved) -> None:
    """Put the state into parts that are still at their beginning; the trainer asks for the rest when it goes on."""
    facts, pace, trainer = saved.facts, parts.pace, parts.trainer
    pace.put_back(facts["pace"])
    parts.watching.put_back(facts["watching"])
    if parts.watching.looks is not None:
        best = facts["watching"]["looks"]["best"]
        parts.watching.looks.best.put_back(best, saved.weights if saved.best is None else saved.best)
    parts.samples.before = facts["before"]
    parts.order.passes = pace.steps // pace.steps_a_pass
    set_trained(trainer.model, saved.weights)
    trainer.args.max_steps = pace.last
    trainer.args.eval_on_start = False
    trainer.stand_at(pace.steps, facts["epoch"], parts.watching.tokens)


def put_back_optimizer(trainer: Any, saved: Saved) -> None:
    """Put the state of optimizer, schedule and scaler back, once the trainer has made them."""
    kept = saved.facts["optimizer"]
    state: dict[int, dict[str, Any]] = {int(number): dict(values) for number, values in kept["numbers"].items()}
    for name, tensor in saved.optimizer.items():
        number, _, what = name.partition(".")
        state.setdefault(int(number), {})[what] = tensor
    groups = [{**group, "betas": tuple(group["betas"])} for group in kept["groups"]]
    trainer.optimizer.load_state_dict({"state": state, "param_groups": groups})
    schedule = trainer.lr_scheduler.state_dict()
    trainer.lr_scheduler.load_state_dict({**schedule, **saved.facts["schedule"]})
    if saved.facts["scaler"] is not None:
        trainer.accelerator.scaler.load_state_dict(saved.facts["scaler"])


def put_back_random(facts: Json) -> None:
    """Let chance go on from where it was."""
    version, internal, gauss = facts["python"]
    random.setstate((version, tuple(internal), gauss))
    name, keys, *rest = facts["numpy"]
    np.random.set_state((name, np.array(keys, dtype=np.uint32), *rest))
    torch.set_rng_state(_bytes(facts["torch"]))
    if facts["cuda"] is not None:
        torch.cuda.set_rng_state(_bytes(facts["cuda"]))


def _random() -> Json:
    name, keys, *rest = np.random.get_state(legacy=True)
    return {
        "python": random.getstate(),
        "numpy": [name, np.asarray(keys).tolist(), *rest],
        "torch": _hex(torch.get_rng_state()),
        "cuda": _hex(torch.cuda.get_rng_state()) if torch.cuda.is_available() else None,
    }


def _hex(state: torch.Tensor) -> str:
    return state.numpy().tobytes().hex()


def _bytes(state: str) -> torch.Tensor:
    return torch.frombuffer(bytearray.fromhex(state), dtype=torch.uint8)


def _taken_apart(state: Json) -> tuple[dict[str, torch.Tensor], Json, list[Json]]:
    """Return an optimizer's tensors, its plain numbers, and its groups."""
    tensors: dict[str, torch.Tensor] = {}
    numbers: Json = {}
    for number, values in state["state"].items():
        for name, value in values.items():
            if isinstance(value, torch.Tensor):
                tensors[f"{number}.{name}"] = value
            else:
                numbers.setdefault(str(number), {})[name] = value
    return tensors, numbers, state["param_groups"]
