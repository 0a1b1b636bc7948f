"""Adapters of real weights, published as a training does."""

import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from transformers import AutoModelForCausalLM

from jobs.models.installed import require
from jobs.queue import Queue
from jobs.requests import Train
from jobs.training.publish import write
from storage.files import publish, sha256_of
from storage.records import Adapter
from storage.workspace import Workspace
from tests.claimed import claimed_context


def random_peft(workspace: Workspace, seed: int = 1) -> PeftModel:
    """Return the workspace's base with an adapter of random weights on it, in full precision."""
    base = AutoModelForCausalLM.from_pretrained(workspace.settings.models / "starter", dtype=torch.float32)
    config = LoraConfig(r=4, target_modules="all-linear", task_type=TaskType.CAUSAL_LM, init_lora_weights=False)
    torch.manual_seed(seed)
    model = get_peft_model(base, config)
    assert isinstance(model, PeftModel)
    return model


def keep_peft(workspace: Workspace, model: PeftModel, dataset_id: str = "d") -> Adapter:
    """Publish the adapter of a PEFT model as a training does."""
    job = claimed_context(workspace, Train(dataset_id=dataset_id, name="Sums")).job
    temporary = workspace.folder("adapters") / ".tmp-sums"
    write(model, temporary, "starter")
    sha256 = sha256_of(temporary / "adapter_model.safetensors")
    target = workspace.folder("adapters") / f"{job.adapter_id}-f{job.fence}"
    manifest = publish(temporary, target, adapter_id=job.adapter_id)
    path, base = f"adapters/{target.name}", require(workspace.settings.models, "starter").sha256
    made = Adapter(str(job.adapter_id), job.id, "Sums", "starter", base, sha256, dataset_id, path, manifest, 1.0)
    assert Queue(workspace.database, workspace.clock).finish(job, result={}, adapter=made)
    return made
