"""What is downloaded as a zip is an adapter that PEFT opens by itself, and it answers as it did when it was learned."""

import io
import zipfile
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from transformers import AutoModelForCausalLM

from jobs.queue import Queue
from jobs.requests import Train
from jobs.training.publish import write
from storage.files import publish, sha256_of
from storage.records import Adapter
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.jobs.small_training import open_small
from tests.studio.mounted import mounted

pytestmark = pytest.mark.slow

ASKED = torch.tensor([[5, 17, 60, 42, 9]])


def logits(model: torch.nn.Module) -> torch.Tensor:
    with torch.no_grad():
        return model.eval()(input_ids=ASKED).logits


def keep(workspace: Workspace, model: PeftModel) -> Adapter:
    """Publish the adapter of a PEFT model as a training does."""
    job = claimed_context(workspace, Train(dataset_id="d", name="Sums")).job
    temporary = workspace.folder("adapters") / ".tmp-sums"
    write(model, temporary, "starter")
    sha256 = sha256_of(temporary / "adapter_model.safetensors")
    target = workspace.folder("adapters") / f"{job.adapter_id}-f{job.fence}"
    manifest = publish(temporary, target, adapter_id=job.adapter_id)
    path = f"adapters/{target.name}"
    made = Adapter(str(job.adapter_id), job.id, "Sums", "starter", "0" * 64, sha256, "d", path, manifest, 1.0)
    assert Queue(workspace.database, workspace.clock).finish(job, result={}, adapter=made)
    return made


def test_plain_peft_opens_the_download(tmp_path: Path) -> None:
    workspace = open_small(tmp_path)
    folder = workspace.settings.models / "starter"
    base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    untaught = logits(base)
    config = LoraConfig(r=4, target_modules="all-linear", task_type=TaskType.CAUSAL_LM, init_lora_weights=False)
    torch.manual_seed(1)
    model = get_peft_model(base, config)
    adapter = keep(workspace, model)
    with mounted(workspace) as client:
        taken = client.get(f"/downloads/adapters/{adapter.id}.zip")
    workspace.close()
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        archive.extractall(tmp_path / "taken")
    fresh = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    opened = PeftModel.from_pretrained(fresh, str(tmp_path / "taken"))
    assert not torch.allclose(logits(opened), untaught)
    torch.testing.assert_close(logits(opened), logits(model))
