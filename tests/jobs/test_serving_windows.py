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
from tests.serving import EXACT, Following, prompt
from tests.tiny import make_random_model

WINDOW, TOKENS = 16, 24


@pytest.mark.parametrize("kind", [Gemma3TextConfig, MistralConfig], ids=lambda kind: kind.model_type)
def test_rows_longer_than_the_window_are_written_as_alone(kind: type[PretrainedConfig], tmp_path: Path):
    # Eight layers: every sixth one of Gemma sees everything.
    folder = make_random_model(kind, tmp_path, num_hidden_layers=8, sliding_window=WINDOW)
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
