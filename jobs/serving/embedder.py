"""The embedder: texts to unit vectors, by mean pooling."""

import threading
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any

import torch
from transformers import AutoModel, AutoTokenizer

from jobs.models.installed import Installed
from jobs.models.one_thread import one_thread
from jobs.serving.computing import COMPUTING
from jobs.serving.device import Device

_LONGEST = 256
_AT_ONCE = 32
# So few tokens wait for the weights to come out of memory: a second thread saves a tenth of their time, and takes a
# core from whoever looks up their words meanwhile.
_FEW_TOKENS = 64


class Embedder:
    """Turns texts into vectors of length 1; `identity` names all that decides their values."""

    def __init__(self, installed: Installed, device: Device) -> None:
        folder = str(installed.folder)
        self._device = device.name
        # The tokenizer keeps settings between calls, so texts are taken one batch after the other.
        self._alone = threading.Lock()
        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        model: Any = AutoModel.from_pretrained(
            folder, dtype=torch.float32, local_files_only=True, trust_remote_code=False, use_safetensors=True
        )
        self._model = model.to(device.name).eval()
        self._longest = min(_LONGEST, model.config.max_position_embeddings)
        size = model.config.hidden_size
        self.identity = f"{installed.id}-{installed.sha256[:12]}-mean{self._longest}-unit{size}"

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector a text, in order; texts of like length are computed together."""
        vectors: list[list[float]] = [[] for _ in texts]
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for first in range(0, len(order), _AT_ONCE):
            numbers = order[first : first + _AT_ONCE]
            with self._alone:
                found = COMPUTING.do(partial(self._pooled, [texts[number] for number in numbers]))
            for number, vector in zip(numbers, found, strict=True):
                vectors[number] = vector
        return vectors

    @torch.inference_mode()
    def _pooled(self, texts: list[str]) -> list[list[float]]:
        batch = self._tokenizer(
            texts,
            padding=True,
            truncation=True,
            max_length=self._longest,
            return_tensors="pt",
            split_special_tokens=True,
        ).to(self._device)
        with one_thread() if batch["input_ids"].numel() <= _FEW_TOKENS else nullcontext():
            states = self._model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
        weights = batch["attention_mask"].unsqueeze(-1).float()
        mean = (states * weights).sum(1) / weights.sum(1).clamp(min=1)
        return torch.nn.functional.normalize(mean, dim=-1).cpu().tolist()
