"""A merged model of the Llama family as one GGUF file, the form that llama.cpp, Ollama and LM Studio read.

The form is described at https://github.com/ggml-org/ggml/blob/master/docs/gguf.md; names of tensors come from the
`gguf` package.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch

from storage.errors import UserFault

_ARCHITECTURES = {"LlamaForCausalLM", "MistralForCausalLM"}
_OTHERWISE = "Export the merged model; llama.cpp's own convert_hf_to_gguf.py reads it."


def check_family(config: Any, base: Path) -> str:
    """Return how this model's text is cut before its tokenizer; raise UserFault where GGUF can't be written of it."""
    families = set(config.architectures or ())
    if not families & _ARCHITECTURES:
        raise UserFault(f"A GGUF file can't be written of {', '.join(sorted(families))} here yet.", _OTHERWISE)
    if getattr(config, "rope_scaling", None) and config.rope_scaling.get("rope_type", "default") != "default":
        raise UserFault("A GGUF file can't be written of a model with stretched positions here yet.", _OTHERWISE)
    return _cut_before(base)


def _cut_before(base: Path) -> str:
    """Return llama.cpp's name for the tokenizer's first step, by its structure."""
    parsed = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))
    first = parsed.get("pre_tokenizer") or {}
    steps = first.get("pretokenizers", [first])
    kinds = [step.get("type") for step in steps]
    if parsed["model"]["type"] == "BPE" and kinds == ["Digits", "ByteLevel"] and steps[0].get("individual_digits"):
        return "smollm"
    if parsed["model"]["type"] == "BPE" and kinds == ["ByteLevel"]:
        return "gpt-2"
    raise UserFault("A GGUF file can't be written with this model's tokenizer here yet.", _OTHERWISE)


def write_gguf(model: Any, base: Path, file: Path, name: str) -> None:
    """Write a merged model into `file`, its matrices with 16 bits a weight.

    Raises what `check_family` raises.
    """
    config = model.config
    cut = check_family(config, base)
    writer = gguf.GGUFWriter(str(file), "llama")
    _describe(writer, config, name)
    _tokenizer(writer, config, base, cut)
    for tensor_name, tensor in _tensors(model, config):
        writer.add_tensor(tensor_name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: gguf.GGUFWriter, config: Any, name: str) -> None:
    heads, keys = config.num_attention_heads, config.num_key_value_heads
    writer.add_name(name)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(heads)
    writer.add_head_count_kv(keys)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(getattr(config, "head_dim", None) or config.hidden_size // heads)
    writer.add_rope_freq_base(_rope_base(config))
    writer.add_vocab_size(config.vocab_size)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)


def _rope_base(config: Any) -> float:
    told = getattr(config, "rope_parameters", None) or {}
    return float(told.get("rope_theta") or getattr(config, "rope_theta", None) or 10_000.0)


def _tokenizer(writer: gguf.GGUFWriter, config: Any, base: Path, cut: str) -> None:
    parsed = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))
    known = {number: token for token, number in parsed["model"]["vocab"].items()}
    added = {entry["id"]: entry for entry in parsed.get("added_tokens", ())}
    tokens: list[str] = []
    kinds: list[gguf.TokenType] = []
    for number in range(config.vocab_size):
        if number in added:
            tokens.append(added[number]["content"])
            kinds.append(gguf.TokenType.CONTROL if added[number]["special"] else gguf.TokenType.USER_DEFINED)
        elif number in known:
            tokens.append(known[number])
            kinds.append(gguf.TokenType.NORMAL)
        else:
            tokens.append(f"[PAD{number}]")
            kinds.append(gguf.TokenType.UNUSED)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(cut)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    # Merges, what ends an answer, and the template for conversations.
    gguf.SpecialVocab(base, load_merges=True, n_vocab=len(tokens)).add_to_gguf(writer, quiet=True)


def _tensors(model: Any, config: Any) -> Iterator[tuple[str, np.ndarray]]:
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue  # the file's readers take the embeddings then
        new = names.get_name(name, try_suffixes=(".weight", ".bias"))
        if new is None:
            raise UserFault(f"A GGUF file has no place for {name}.", _OTHERWISE)
        yield new, _numbers(name, tensor.detach().float().cpu(), config)


def _numbers(name: str, tensor: torch.Tensor, config: Any) -> np.ndarray:
    if name.endswith("q_proj.weight"):
        tensor = _interleaved(tensor, config.num_attention_heads)
    elif name.endswith("k_proj.weight"):
        tensor = _interleaved(tensor, config.num_key_value_heads)
    # Norms stay in full precision: they are few, and llama.cpp expects them so.
    return tensor.numpy() if tensor.ndim == 1 else tensor.to(torch.float16).numpy()


def _interleaved(weights: torch.Tensor, heads: int) -> torch.Tensor:
    """Return the rows of each head in the order of GGUF, which turns neighbours; transformers turns halves."""
    rows = weights.shape[0]
    return weights.reshape(heads, 2, rows // heads // 2, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)
