"""What is downloaded as a zip is an adapter that PEFT opens by itself, and it answers as it did when it was learned."""

import io
import zipfile
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from tests.jobs.small_training import open_small
from tests.studio.mounted import mounted
from tests.trained import keep_peft, random_peft

pytestmark = pytest.mark.slow

ASKED = torch.tensor([[5, 17, 60, 42, 9]])


def logits(model: torch.nn.Module) -> torch.Tensor:
    with torch.no_grad():
        return model.eval()(input_ids=ASKED).logits


def test_plain_peft_opens_the_download(tmp_path: Path) -> None:
    workspace = open_small(tmp_path)
    folder = workspace.settings.models / "starter"
    untaught = logits(AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32))
    model = random_peft(workspace)
    adapter = keep_peft(workspace, model)
    with mounted(workspace) as client:
        taken = client.get(f"/downloads/adapters/{adapter.id}.zip")
    workspace.close()
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        archive.extractall(tmp_path / "taken")
    fresh = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    opened = PeftModel.from_pretrained(fresh, str(tmp_path / "taken"))
    assert not torch.allclose(logits(opened), untaught)
    torch.testing.assert_close(logits(opened), logits(model))
