"""Models whose layers look back over a window only: in one batch, word for word what transformers writes alone."""

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, Gemma3TextConfig, MistralConfig, PretrainedConfig, Qwen2Config

from jobs.models.installed import require
from jobs.serving.base import Base
from jobs.serving.engine import Engine
from jobs.serving.tickets import Asked
from jobs.serving.windows import Windows
from storage.files import publish, sha256_of
from tests.serving import EXACT, Following, prompt
from tests.tiny import tiny_tokenizer

WINDOW, TOKENS = 16, 24


def windowed(kind: type[PretrainedConfig], models: Path) -> Path:
    """Write a random model of eight layers as the installed starter; Gemma's every sixth layer sees everything."""
    tokenizer = tiny_tokenizer()
    torch.manual_seed(0)
    config = kind(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=8,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
        tie_word_embeddings=True,
        sliding_window=WINDOW,
    )
    model = AutoModelForCausalLM.from_config(config)
    for weights in model.parameters():
        weights.data.add_(torch.randn_like(weights) * 0.15)
    work = models / "work"
    model.to(torch.bfloat16).save_pretrained(work)
    tokenizer.save_pretrained(work)
    publish(work, models / "starter", base_id="starter", base_sha256=sha256_of(work / "model.safetensors"))
    return models / "starter"


@pytest.mark.parametrize("kind", [Gemma3TextConfig, MistralConfig], ids=lambda kind: kind.model_type)
def test_rows_longer_than_the_window_are_written_as_alone(kind: type[PretrainedConfig], tmp_path: Path):
    folder = windowed(kind, tmp_path)
    base = Base(require(tmp_path, "starter"), EXACT)
    asked = [prompt(base, text) for text in ("How heavy is the tent?", "How heavy is it, and how long? " * 2)]
    assert all(len(one) > WINDOW for one in asked)
    engine = Engine(base)
    try:
        together = [Following(engine, Asked(one, max_tokens=TOKENS)) for one in asked]
        texts = [following.answered().text for following in together]
    finally:
        engine.close()
    alone = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa")
    for one, text in zip(asked, texts, strict=True):
        written = alone.generate(torch.tensor([one]), max_new_tokens=TOKENS, do_sample=False)[0, len(one) :]
        assert base.encoder.decode(written.tolist()) == text


def test_a_window_that_no_layer_uses_changes_nothing():
    config = Qwen2Config(num_hidden_layers=2, sliding_window=WINDOW, use_sliding_window=False)
    windows = Windows.of(config)
    seen = torch.ones(1, 1, 1, 40, dtype=torch.bool)
    assert windows.masks(seen) is seen
    (near,) = {Windows(WINDOW, mixed=False).masks(seen)}
    assert isinstance(near, torch.Tensor)
    assert near.sum() == WINDOW
    assert near[..., -1].all()
