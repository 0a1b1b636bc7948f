"""What must be the same for a training to go on from what an earlier attempt at it kept."""

import hashlib
import json
from dataclasses import asdict, replace
from importlib.metadata import version

from jobs.training.preparing import Task
from jobs.training.state import Saved
from storage.records import Json

# Raise it when the files of a checkpoint change their meaning.
_FORM = 3
_PACKAGES = ("torch", "transformers", "accelerate", "peft", "trl")
# How many rows go through the model at once, on how many cards, and whether activations are computed twice, decides
# about memory and time only.
_FREE = ("batch_size", "accumulation", "save_memory", "cards")


def terms(task: Task) -> Json:
    """Return settings, examples, base model and versions, each under a name that a log can show."""
    free = {*_FREE, "dtype"} if task.plan.device == "cpu" else _FREE
    settings = {name.replace("_", " "): value for name, value in asdict(task.plan).items() if name not in free}
    return {
        "form": _FORM,
        **settings,
        "rows a step": task.plan.batch_size * task.plan.accumulation,
        "examples": _rows_sha256(task),
        "base model": task.base.sha256,
        **{name: version(name) for name in _PACKAGES},
    }


def in_its_format(task: Task, saved: Saved | None) -> Task:
    """Return the task in the number format of the saved state.

    A processor computes in any; which it is faster in is measured at every start, and may come out otherwise now.
    """
    if saved is None:
        return task
    return replace(task, plan=replace(task.plan, dtype=saved.facts["dtype"]))


def _rows_sha256(task: Task) -> str:
    digest = hashlib.sha256()
    for part in (task.rows.learn, task.rows.watch):
        for row in part:
            digest.update(json.dumps([row.input_ids, row.labels]).encode())
        digest.update(b"\n")
    return digest.hexdigest()
