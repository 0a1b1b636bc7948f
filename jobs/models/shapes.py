"""What a model in a folder is: its architecture and its sizes, read from its files without loading it."""

import json
from math import prod
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from jobs.models.memory import Shape
from storage.errors import Damaged, UserFault

WEIGHTS = "model*.safetensors"
# Each of these is tried in the tests: it answers in a batch, takes an adapter and learns.
ARCHITECTURES = frozenset({"gemma3_text", "granite", "llama", "mistral", "olmo2", "phi3", "qwen2", "qwen3", "smollm3"})


class UnsupportedModel(UserFault):
    """A model of a kind that can't be used here."""

    next_step = f"Choose a model of one of these kinds: {', '.join(sorted(ARCHITECTURES))}."


def read_config(folder: Path) -> dict[str, Any]:
    """Return the configuration of a model that can be used here; raise UnsupportedModel or Damaged."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        kind = config["model_type"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged("The model has no config.json that says what it is.", "Choose the folder of a model.") from error
    if kind not in ARCHITECTURES:
        raise UnsupportedModel(f"Models of the kind {str(kind)[:40]!r} can't be used here.")
    if config.get("quantization_config"):
        raise UnsupportedModel("This model's weights are packed already.", "Choose the form with whole weights.")
    return config


def read_shape(folder: Path) -> Shape:
    """Return the sizes that the model's configuration names, with its weights counted; raise as `read_config` does."""
    config = read_config(folder)
    heads = config["num_attention_heads"]
    head = config.get("head_dim") or config["hidden_size"] // heads
    return Shape(
        parameters=_weights(folder),
        layers=config["num_hidden_layers"],
        hidden=config["hidden_size"],
        inner=config["intermediate_size"],
        vocabulary=config["vocab_size"],
        keys=head * (config.get("num_key_value_heads") or heads),
        context=config["max_position_embeddings"],
    )


def _weights(folder: Path) -> int:
    """Return how many weights the model's files hold, in whatever number format."""
    count = 0
    for file in folder.glob(WEIGHTS):
        try:
            with safe_open(file, framework="numpy") as tensors:
                # A method, not a mapping: the object has no iteration of its own.
                count += sum(prod(tensors.get_slice(name).get_shape()) for name in tensors.keys())  # noqa: SIM118 - a file, no dictionary
        except (SafetensorError, OSError) as error:
            raise Damaged(f"{file.name} is no file of weights in the safetensors form.") from error
    return count
