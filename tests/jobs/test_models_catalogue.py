"""The catalogue is true to itself: sizes, weights and architectures agree, and each architecture answers and learns."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from transformers import (
    AutoModelForCausalLM,
    Gemma3TextConfig,
    LlamaConfig,
    Olmo2Config,
    Phi3Config,
    PretrainedConfig,
    Qwen2Config,
    Qwen3Config,
    SmolLM3Config,
)

from jobs.models.catalogue import HubSource, WheelSource, catalogue, entry
from jobs.models.installed import require
from jobs.models.shapes import read_shape
from jobs.serving.base import Base
from jobs.serving.engine import Engine
from jobs.serving.tickets import Asked
from storage.files import publish, sha256_of
from tests.serving import EXACT, Following, make_adapter, prompt
from tests.tiny import tiny_tokenizer

HUB = [model.id for model in catalogue().values() if isinstance(model.source, HubSource)]
LISTED = [model_id for model_id in HUB if entry(model_id).known_to_the_byte]
# Two of a family hold the head a second time on the disk, though it is the embedding's own weights.
HEAD_TWICE = {"qwen3-0.6b", "qwen3-1.7b"}
# What the makers' configurations say beside the sizes in the catalogue: heads, heads of keys, head's width, tied head.
ARCHITECTURES: dict[str, tuple[type[PretrainedConfig], int, int, int, bool]] = {
    "starter": (LlamaConfig, 9, 3, 64, True),
    "smollm2-360m": (LlamaConfig, 15, 5, 64, True),
    "qwen2.5-0.5b": (Qwen2Config, 14, 2, 64, True),
    "llama-3.2-1b": (LlamaConfig, 32, 8, 64, True),
    "qwen2.5-1.5b": (Qwen2Config, 12, 2, 128, True),
    "smollm2-1.7b": (LlamaConfig, 32, 32, 64, True),
    "phi-4-mini": (Phi3Config, 24, 8, 128, True),
    "qwen3-4b": (Qwen3Config, 32, 8, 128, True),
    "qwen2.5-7b": (Qwen2Config, 28, 4, 128, False),
    "gemma-3-270m": (Gemma3TextConfig, 4, 1, 256, True),
    "qwen3-0.6b": (Qwen3Config, 16, 8, 128, True),
    "gemma-3-1b": (Gemma3TextConfig, 4, 1, 256, True),
    "olmo-2-1b": (Olmo2Config, 16, 16, 128, False),
    "qwen3-1.7b": (Qwen3Config, 16, 8, 128, True),
    "smollm3-3b": (SmolLM3Config, 16, 4, 128, True),
    "llama-3.2-3b": (LlamaConfig, 24, 8, 128, True),
    "qwen3-8b": (Qwen3Config, 32, 8, 128, False),
    "qwen3-14b": (Qwen3Config, 40, 8, 128, False),
}


def test_every_model_says_what_a_person_must_know():
    for model in catalogue().values():
        assert all([model.title, model.note, model.licence, model.languages])
        assert 0 < model.source.download_bytes <= model.source.space_bytes
        assert model.source.kept_bytes > 0
        assert all(len(file.sha256) == 64 and file.size > 0 for file in model.source.files)
        assert model.id in ARCHITECTURES or model.role == "embedder"


def test_there_is_a_choice_from_a_quarter_of_a_billion_to_fifteen():
    sizes = sorted(entry(model_id).parameters for model_id in HUB)
    assert len(sizes) >= 12
    assert 2e8 < sizes[0] < sizes[-1] < 15e9
    assert max(larger / smaller for smaller, larger in pairwise(sizes)) < 2.1, "no gap in the middle"


def test_what_nobody_chose_is_known_to_the_byte():
    assert {"starter", "embedder", "smollm2-1.7b"} < {one.id for one in catalogue().values() if one.known_to_the_byte}
    assert not entry("qwen3-1.7b").known_to_the_byte


@pytest.mark.parametrize("model_id", HUB)
def test_what_comes_from_a_hub_is_pinned_and_holds_no_code(model_id: str):
    source = entry(model_id).source
    assert isinstance(source, HubSource)
    assert re.fullmatch(r"[0-9a-f]{40}", source.revision), "a branch could change under us"
    assert entry(model_id).gated == entry(model_id).licence.startswith(("Llama", "Gemma"))
    if not source.files:
        return
    assert {Path(file.member).suffix for file in source.files} == {".json", ".safetensors"}
    assert all("/" not in file.member for file in source.files)
    names = {file.member for file in source.files}
    assert {"config.json", "tokenizer.json", "tokenizer_config.json"} < names


@pytest.mark.parametrize("model_id", sorted(set(HUB) - set(LISTED)))
def test_where_the_hub_tells_the_files_their_size_is_known_about(model_id: str):
    shape = entry(model_id).shape
    weights = 2 * (shape.parameters + (shape.vocabulary * shape.hidden if model_id in HEAD_TWICE else 0))
    assert weights < entry(model_id).source.download_bytes < weights * 1.02 + 40_000_000


@pytest.mark.parametrize("model_id", LISTED)
def test_the_weights_have_two_bytes_each(model_id: str):
    weights = [file.size for file in entry(model_id).source.files if file.member.endswith(".safetensors")]
    headers = sum(weights) - 2 * entry(model_id).parameters
    assert 0 < headers < 100_000


@pytest.mark.parametrize("model_id", ARCHITECTURES)
def test_the_sizes_make_up_the_number_of_weights(model_id: str):
    shape = entry(model_id).shape
    kind, heads, key_heads, width, tied = ARCHITECTURES[model_id]
    config = kind(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=heads,
        num_key_value_heads=key_heads,
        head_dim=width,
        tie_word_embeddings=tied,
        pad_token_id=None,
    )
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    assert sum(weights.numel() for weights in model.parameters()) == shape.parameters
    assert key_heads * width == shape.keys


def tiny(kind: type[PretrainedConfig], models: Path) -> Path:
    """Write a random model of that architecture as the installed starter."""
    tokenizer = tiny_tokenizer()
    torch.manual_seed(0)
    config = kind(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
        tie_word_embeddings=True,
    )
    work = models / "work"
    AutoModelForCausalLM.from_config(config).to(torch.bfloat16).save_pretrained(work)
    tokenizer.save_pretrained(work)
    publish(work, models / "starter", base_id="starter", base_sha256=sha256_of(work / "model.safetensors"))
    return models / "starter"


@pytest.mark.parametrize(
    "kind", dict.fromkeys(kind for kind, *_ in ARCHITECTURES.values()), ids=lambda kind: kind.model_type
)
def test_every_architecture_answers_and_takes_an_adapter(kind: type[PretrainedConfig], tmp_path: Path):
    folder = tiny(kind, tmp_path)
    assert read_shape(folder).keys == 16
    base = Base(require(tmp_path, "starter"), EXACT)
    adapter = base.shelf(tmp_path / "adapters").get(make_adapter(tmp_path / "adapters", folder))
    engine = Engine(base)
    try:
        asked = prompt(base, "How heavy is the tent?")
        plain, tuned = (
            Following(engine, Asked(asked, adapter=one, max_tokens=12)).answered() for one in (None, adapter)
        )
    finally:
        engine.close()
    assert plain.error is None
    assert tuned.error is None
    assert plain.text != tuned.text


def test_a_source_is_one_of_two_kinds():
    assert isinstance(entry("starter").source, WheelSource)
    assert entry("starter").source.space_bytes > entry("starter").source.kept_bytes
    hub = entry("smollm2-360m").source
    assert isinstance(hub, HubSource)
    assert hub.version == hub.revision
    assert hub.space_bytes == hub.kept_bytes == hub.download_bytes
