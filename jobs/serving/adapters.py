"""Adapters on demand: found by their manifest, checked, read once, and identified by the bytes that were read."""

import hashlib
import json
import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load

from jobs.serving.device import Device
from jobs.serving.finding import find_adapter
from storage.errors import Damaged, UserFault
from storage.files import MANIFEST

MOST_KEPT_BYTES = 512 << 20
_MOST_BYTES = 2_000_000_000
_PREFIX = "base_model.model."

Pair = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True, slots=True)
class LoadedAdapter:
    """An adapter ready to be blended in: for each layer `down` (rank x in) and the scaled `up` (rank x out).

    `joined` has those of layers that are computed as one product, by the name of the first; made when first used.
    """

    id: str
    sha256: str
    tensors_sha256: str
    layers: dict[str, Pair]
    joined: dict[str, Pair] = field(default_factory=dict, compare=False)

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        return sum(down.nbytes + up.nbytes for down, up in [*self.layers.values(), *self.joined.values()])


class OtherBase(UserFault):
    """An adapter that was trained on another base model."""

    next_step = "Train it again on this base model, or choose the base model that it was trained on."


class AdapterShelf:
    """The adapters of one home for one base.

    Those used last stay in memory, up to `most_bytes` together; the one that was asked for stays in any case.
    """

    def __init__(self, folder: Path, base_sha256: str, device: Device, layers: set[str]) -> None:
        self._folder, self._base_sha256 = folder, base_sha256
        self._device, self._layers = device, layers
        self.most_bytes = MOST_KEPT_BYTES
        self._loaded: OrderedDict[Path, LoadedAdapter] = OrderedDict()
        self._used_at: dict[Path, float] = {}
        self._lock = threading.Lock()

    def get(self, adapter_id: str) -> LoadedAdapter:
        """Return an adapter ready for use; raise NotFound, OtherBase or Damaged."""
        folder = find_adapter(self._folder, adapter_id)
        with self._lock:
            adapter = self._loaded.get(folder) or self._read(folder)
            self._loaded[folder] = adapter
            self._loaded.move_to_end(folder)
            self._used_at[folder] = time.monotonic()
            while len(self._loaded) > 1 and self._held() > self.most_bytes:
                self._loaded.popitem(last=False)
        return adapter

    def rest(self, idle_s: float) -> None:
        """Let go of the adapters that nobody asked for since `idle_s` seconds; an answer in flight keeps its own."""
        before = time.monotonic() - idle_s
        with self._lock:
            for folder in [folder for folder in self._loaded if self._used_at[folder] < before]:
                del self._loaded[folder]

    def _held(self) -> int:
        return sum(adapter.bytes for adapter in self._loaded.values())

    def _read(self, folder: Path) -> LoadedAdapter:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["base_sha256"] != self._base_sha256:
            raise OtherBase("This adapter was trained on another base model than the one that is loaded.")
        config = json.loads((folder / "adapter_config.json").read_bytes())
        file = folder / "adapter_model.safetensors"
        if file.stat().st_size > _MOST_BYTES:
            raise Damaged("This adapter is far larger than an adapter should be.")
        # Hash and tensors come from the same bytes: what is reported is what is applied.
        data = file.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 != manifest["adapter_sha256"]:
            raise Damaged("This adapter's file is not what was saved.")
        layers = _pairs(_tensors(data), _scaling(config), self._device)
        if not layers or not layers.keys() <= self._layers:
            raise OtherBase("This adapter has other layers than the base model that is loaded.")
        return LoadedAdapter(manifest["adapter_id"], sha256, canonical_sha256(layers), layers)


def canonical_sha256(layers: dict[str, Pair]) -> str:
    """Return one hash of the tensors in use, whatever file they came from: names, shapes, types and values."""
    digest = hashlib.sha256()
    for name in sorted(layers):
        for part, tensor in zip(("down", "up"), layers[name], strict=True):
            digest.update(f"{name}.{part} {tuple(tensor.shape)} {tensor.dtype}\n".encode())
            digest.update(tensor.cpu().contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _tensors(data: bytes) -> dict[str, torch.Tensor]:
    try:
        return load(data)
    except SafetensorError as error:
        raise Damaged("This adapter's file can't be read.") from error


def _scaling(config: dict[str, Any]) -> float:
    """Return the factor of a plain LoRA adapter; raise Damaged for any kind that would be applied wrongly."""
    unusual = ["use_dora", "rank_pattern", "alpha_pattern", "modules_to_save", "fan_in_fan_out", "lora_bias"]
    present = [name for name in unusual if config.get(name)]
    if config.get("peft_type") != "LORA" or present or config.get("bias", "none") != "none":
        raise Damaged(f"This kind of adapter can't be used here: {', '.join(present) or config.get('peft_type')}.")
    rank = config["r"]
    return config["lora_alpha"] / (math.sqrt(rank) if config.get("use_rslora") else rank)


def _pairs(tensors: dict[str, torch.Tensor], scaling: float, device: Device) -> dict[str, Pair]:
    pairs: dict[str, Pair] = {}
    # Products this thin take a processor four times as long in half precision as in full.
    dtype = torch.float32 if device.name == "cpu" else device.dtype
    for name, down in tensors.items():
        if name.endswith(".lora_A.weight"):
            layer = name.removesuffix(".lora_A.weight")
            up = tensors.get(f"{layer}.lora_B.weight")
            if up is None or down.ndim != 2 or up.ndim != 2 or up.shape[1] != down.shape[0]:
                raise Damaged("This adapter's tensors do not fit together.")
            scaled = (up.float() * scaling).T.contiguous().to(device.name, dtype)
            pairs[layer.removeprefix(_PREFIX)] = (down.to(device.name, dtype).contiguous(), scaled)
    if len(pairs) * 2 != len(tensors):
        raise Damaged("This adapter holds tensors of an unknown kind.")
    return pairs
