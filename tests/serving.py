"""What tests of the model server share: tiny installed models, adapters for them, and answers gathered to the end."""

import queue
import shutil
import tempfile
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

from jobs.models.conversation import conversation
from jobs.models.installed import require
from jobs.serving.base import Base
from jobs.serving.device import Device
from jobs.serving.engine import Engine
from jobs.serving.tickets import Asked, End, Piece, Ticket
from storage.errors import TriptychError
from storage.files import publish, sha256_of
from tests.tiny import make_tiny_embedder, make_tiny_model

EXACT = Device("cpu", torch.float32)


@cache
def tiny_models() -> Path:
    """Return a folder of models with a tiny starter and a tiny embedder, made once a run."""
    folder = Path(tempfile.mkdtemp(prefix="triptych-tiny-"))
    make_tiny_model(folder / "starter")
    make_tiny_embedder(folder / "embedder")
    return folder


def tiny_base() -> Base:
    """Return the tiny starter in fp32, where results do not depend on the shape of a batch."""
    return Base(require(tiny_models(), "starter"), EXACT)


def make_adapter(adapters: Path, model: Path, seed: int = 0, **lora: object) -> str:
    """Publish a random adapter for `model` as a training would and return its id; it changes answers visibly."""
    torch.manual_seed(seed)
    adapter_id = str(uuid.uuid4())
    base = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    values = {"r": 4, "lora_alpha": 8, "target_modules": "all-linear", "task_type": "CAUSAL_LM", **lora}
    peft = get_peft_model(base, LoraConfig(**values))
    for name, weights in peft.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weights, std=0.3)
    work = adapters / f".{adapter_id}.tmp"
    peft.save_pretrained(work)
    for entry in work.iterdir():
        if entry.name not in {"adapter_config.json", "adapter_model.safetensors"}:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    publish(
        work,
        adapters / f"{adapter_id}-f1",
        adapter_id=adapter_id,
        job_id="job",
        base_id="starter",
        base_sha256=sha256_of(model / "model.safetensors"),
        adapter_sha256=sha256_of(work / "adapter_model.safetensors"),
    )
    return adapter_id


@dataclass(frozen=True)
class Answered:
    """An answer gathered to its end; `error` instead of `end` where it failed."""

    text: str
    end: End | None = None
    error: TriptychError | None = None


class Following:
    """Submits a request to an engine and gathers what comes back."""

    def __init__(self, engine: Engine, asked: Asked) -> None:
        self.pieces: queue.Queue[Piece] = queue.Queue()
        self.ticket = Ticket(asked, self.pieces.put)
        engine.submit(self.ticket)

    def answered(self) -> Answered:
        """Wait for the end."""
        text = ""
        while isinstance(piece := self.pieces.get(timeout=60), str):
            text += piece
        return Answered(text, end=piece) if isinstance(piece, End) else Answered(text, error=piece)


def prompt(base: Base, question: str) -> list[int]:
    """Return the tokens of a plain question."""
    return base.encoder.prompt(conversation(question))
