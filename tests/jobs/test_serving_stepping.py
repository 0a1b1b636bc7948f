"""The written-out step: what the model says for every kind of model, adapter and batch, and in 8 bits nearly so."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from transformers import (
    Gemma3TextConfig,
    LlamaConfig,
    MistralConfig,
    PretrainedConfig,
    Qwen2Config,
    Qwen3Config,
)

from jobs.models.installed import require
from jobs.serving.adapters import LoadedAdapter
from jobs.serving.base import Base
from jobs.serving.cache import together
from jobs.serving.device import Device, Int8
from tests.processor import adds_int8
from tests.serving import EXACT, make_adapter, prompt
from tests.tiny import make_random_model

TEXTS = ("How heavy is the tent?", "Why?", "How heavy is it, and how long does it take to dry? " * 2)
ROTATED_FURTHER = {
    "rope_type": "llama3",
    "rope_theta": 10_000.0,
    "factor": 4.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
KINDS = (
    (LlamaConfig, {}),
    (LlamaConfig, {"attention_bias": True, "mlp_bias": True, "tie_word_embeddings": False}),
    (LlamaConfig, {"rope_parameters": ROTATED_FURTHER, "num_key_value_heads": 4}),
    (MistralConfig, {"sliding_window": None}),
    (Qwen2Config, {}),
    (Qwen3Config, {}),
)


def three_tokens(base: Base, adapters: Sequence[LoadedAdapter | None]) -> torch.Tensor:
    """Return the logits after each of three tokens, for three prompts of different lengths at once."""
    read = [base.read(prompt(base, text), adapter) for text, adapter in zip(TEXTS, adapters, strict=True)]
    cache, places = together([place for _, place in read])
    return torch.stack([base.write(tokens, cache, places, adapters) for tokens in ([7, 8, 9], [3, 11, 5], [12, 4, 6])])


@pytest.mark.parametrize(("kind", "how"), KINDS, ids=lambda one: getattr(one, "model_type", None))
def test_it_is_what_the_model_says_with_and_without_adapters(kind: type[PretrainedConfig], how: dict, tmp_path: Path):
    folder = make_random_model(kind, tmp_path, num_hidden_layers=3, **how)
    kinds = ((1, "all-linear"), (2, ["q_proj", "v_proj", "down_proj"]))
    ids = [make_adapter(tmp_path / "adapters", folder, seed=seed, target_modules=names) for seed, names in kinds]
    written_out, own = (Base(require(tmp_path, "starter"), EXACT) for _ in range(2))
    assert written_out._step is not None
    own._step = None
    first, second = map(written_out.shelf(tmp_path / "adapters").get, ids)
    plain = three_tokens(own, [None] * 3)
    for adapters in ([None, None, None], [None, first, second], [first, first, None], [second, first, first]):
        expected = three_tokens(own, adapters)
        assert any(adapters) == (not torch.equal(expected, plain))
        torch.testing.assert_close(three_tokens(written_out, adapters), expected, rtol=1e-4, atol=1e-4)


def test_a_model_that_is_built_otherwise_goes_its_own_way(tmp_path: Path):
    make_random_model(Gemma3TextConfig, tmp_path, num_hidden_layers=3, sliding_window=16)
    assert Base(require(tmp_path, "starter"), EXACT)._step is None


def test_joined_layers_hold_nothing_twice(tmp_path: Path):
    make_random_model(LlamaConfig, tmp_path, num_hidden_layers=3)
    base = Base(require(tmp_path, "starter"), EXACT)
    attention = base._model.model.layers[0].self_attn
    whole = attention.q_proj.weight.untyped_storage().data_ptr()
    assert {part.weight.untyped_storage().data_ptr() for part in (attention.k_proj, attention.v_proj)} == {whole}
    assert base.bytes == sum(weights.nbytes for weights in base._model.parameters())


@pytest.mark.parametrize("int8", ["weights", pytest.param("both", marks=adds_int8)])
def test_in_8_bits_it_says_nearly_the_same_and_counts_the_memory(tmp_path: Path, int8: Int8):
    make_random_model(LlamaConfig, tmp_path, num_hidden_layers=3)
    installed = require(tmp_path, "starter")
    exact, rounded = Base(installed, EXACT), Base(installed, Device("cpu", torch.float32, int8))
    beside = sum(weights.nbytes for weights in rounded._model.parameters())
    assert (beside < exact.bytes / 2) == (int8 == "both"), "what nothing reads any more has left memory"
    assert rounded.bytes > beside
    expected, given = three_tokens(exact, [None] * 3), three_tokens(rounded, [None] * 3)
    assert not torch.equal(expected, given)
    known = expected.isfinite()
    away = (given - expected)[known].std() / expected[known].std()
    assert away < 0.05, f"{away:.3f} of the logits' spread"


def test_a_prompt_goes_on_from_a_beginning_that_was_read_before(tmp_path: Path):
    make_random_model(LlamaConfig, tmp_path, num_hidden_layers=3)
    base = Base(require(tmp_path, "starter"), EXACT)
    tokens = prompt(base, TEXTS[2] * 3)
    assert len(tokens) > 64
    whole, _ = base.read(tokens, None)
    for _ in range(2):
        logits, place = base.read(tokens, None, shared=60)
        assert place.cache.get_seq_length() == len(tokens)
        torch.testing.assert_close(logits, whole, rtol=1e-4, atol=1e-4)
