"""Saving what was learned: written, published under its manifest, loaded again and asked before it counts."""

import copy
from pathlib import Path
from typing import Any

from peft import PeftModel, get_peft_model_state_dict

from jobs.training.answers import answer
from jobs.training.loading import load_base
from jobs.training.preparing import Task
from jobs.training.tensors import write_tensors
from storage.errors import Damaged
from storage.files import publish, remove_tree, sha256_of

WEIGHTS = "adapter_model.safetensors"
PROOF_TOKENS = 24


def write(model: Any, folder: Path, base_id: str) -> None:
    """Write the adapter of a PEFT model in PEFT's own form. It names the base by its id, never by a path."""
    folder.mkdir(parents=True)
    tensors = get_peft_model_state_dict(model, save_embedding_layers=False)
    write_tensors(folder / WEIGHTS, {name: tensor.float() for name, tensor in tensors.items()})
    config = copy.copy(model.peft_config["default"])
    config.inference_mode = True
    config.base_model_name_or_path = base_id
    config.save_pretrained(str(folder))


def publish_proven(task: Task, job_id: str, asked: list[int], expected: list[int]) -> tuple[str, str]:
    """Publish what `write` wrote and prove it: loaded afresh, it must answer `asked` with the tokens `expected`.

    Returns the sha256 of the adapter's weights and of its manifest. Raises Damaged, and then leaves nothing.
    """
    adapter_sha256 = sha256_of(task.temporary / WEIGHTS)
    manifest_sha256 = publish(
        task.temporary,
        task.folder,
        adapter_id=task.adapter_id,
        job_id=job_id,
        base_id=task.base.id,
        base_sha256=task.base.sha256,
        adapter_sha256=adapter_sha256,
    )
    base = load_base(task.base.folder, task.plan)
    model = PeftModel.from_pretrained(base, str(task.folder))
    if answer(model, task.encoder, [asked], PROOF_TOKENS) != [expected]:
        remove_tree(task.folder)
        raise Damaged("The saved adapter did not answer as it did before it was saved.", "Train again.")
    return adapter_sha256, manifest_sha256
