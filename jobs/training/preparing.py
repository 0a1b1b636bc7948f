"""What a training starts from, checked before anything heavy begins: examples, base model, settings."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from jobs.context import JobContext
from jobs.models.encoding import Encoder
from jobs.models.installed import Installed, require, weights_sha256
from jobs.models.shapes import read_shape
from jobs.requests import Learning
from jobs.training.detecting import detect
from jobs.training.hardware import Hardware
from jobs.training.peak import Room, used_bytes
from jobs.training.plan import Facts, Plan, least_bytes, longest_row, make_plan
from jobs.training.rows import Rows, encode_rows
from storage.errors import Damaged, NoSpace
from storage.files import remove_tree
from storage.records import Dataset

_FREE_BYTES = 500 * 1000 * 1000


@dataclass(frozen=True, slots=True)
class Task:
    """Everything one training needs.

    `folder` is where its adapter will lie, `temporary` where it is written first, `scratch` where libraries may write;
    `room` is the memory there was before anything was loaded.
    """

    request: Learning
    dataset: Dataset
    base: Installed
    encoder: Encoder
    rows: Rows
    plan: Plan
    room: Room
    adapter_id: str
    temporary: Path
    scratch: Path
    folder: Path


def prepare(request: Learning, context: JobContext, make_room: Callable[[int], bool] = lambda _size: False) -> Task:
    """Check what was asked for and return the task; remove what earlier attempts at this job left behind.

    `make_room` is asked for so many bytes where memory is short, and tells whether there is more now. Raises
    UnusableRows, NotFound, Missing, Damaged or NoSpace.
    """
    workspace = context.workspace
    dataset = workspace.datasets.get(request.dataset_id)
    base = require(workspace.settings.models, request.model)
    adapters = workspace.folder("adapters")
    _check_space(adapters)
    _check_weights(base)
    adapter_id = context.job.adapter_id or context.job.id
    for left_behind in (*adapters.glob(f".tmp-{adapter_id}-f*"), *adapters.glob(f"{adapter_id}-f*")):
        remove_tree(left_behind)
    encoder, shape = Encoder.load(base.folder), read_shape(base.folder)
    examples = workspace.datasets.examples(dataset.id, "learn", "watch")
    longest = longest_row(request, shape, context.halvings)
    rows = encode_rows(examples, encoder, longest, dataset.held_out, all_rows=request.all_rows)
    facts = Facts(rows=len(rows.learn), tokens=rows.tokens, longest=rows.longest)
    hardware = _hardware(context)
    wanted = least_bytes(facts, shape, hardware)
    if wanted > hardware.memory_bytes and make_room(wanted):
        hardware = _hardware(context)
    return Task(
        request=request,
        dataset=dataset,
        base=base,
        encoder=encoder,
        rows=rows,
        plan=make_plan(request, facts, shape, hardware, context.halvings),
        room=Room(hardware.memory_bytes, used_bytes(hardware.device)),
        adapter_id=adapter_id,
        temporary=adapters / f".tmp-{adapter_id}-f{context.fence}",
        scratch=workspace.folder("checkpoints") / f"{context.job.id}-f{context.fence}",
        folder=adapters / f"{adapter_id}-f{context.fence}",
    )


def _hardware(context: JobContext) -> Hardware:
    """Look at the device, and how many of its kind the job holds."""
    found, place = detect(), context.device
    return replace(found, cards=len(context.cards)) if place.startswith(f"{found.device}:") else found


def _check_space(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < _FREE_BYTES:
        raise NoSpace(f"Training needs {_FREE_BYTES // 10**6} MB of free disk space; there are {free // 10**6} MB.")


def _check_weights(base: Installed) -> None:
    if weights_sha256(base.folder) != base.sha256:
        raise Damaged(f"The weights of the model {base.id!r} are not what was saved.", "Run `make setup` to mend them.")
