"""Adapters: the same sums as PEFT, identified by their bytes, refused when anything is not as it should be."""

import json
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from jobs.serving.adapters import AdapterShelf, OtherBase
from jobs.serving.finding import adapter_ids
from storage.errors import Damaged, NotFound
from storage.files import sha256_of
from tests.serving import make_adapter, prompt, tiny_base, tiny_models

MODEL = "starter"


@pytest.fixture(scope="module")
def base():
    return tiny_base()


def shelf(base, folder: Path) -> AdapterShelf:
    return base.shelf(folder)


@pytest.mark.parametrize("lora", [{}, {"use_rslora": True}, {"target_modules": ["q_proj", "down_proj"]}])
def test_an_adapter_computes_what_peft_computes(base, tmp_path: Path, lora: dict):
    adapter_id = make_adapter(tmp_path, tiny_models() / MODEL, **lora)
    ids = prompt(base, "How are you?")
    ours, _ = base.read(ids, shelf(base, tmp_path).get(adapter_id))
    plain = AutoModelForCausalLM.from_pretrained(tiny_models() / MODEL, dtype=torch.float32)
    theirs = PeftModel.from_pretrained(plain, tmp_path / f"{adapter_id}-f1").eval()
    with torch.inference_mode():
        expected = theirs(input_ids=torch.tensor([ids])).logits[0, -1]
    finite = ours.isfinite()
    assert torch.allclose(ours[finite], expected[finite], atol=1e-4)
    without, _ = base.read(ids, None)
    assert not torch.allclose(without[finite], ours[finite], atol=1e-2)


def test_an_adapter_is_named_by_its_bytes(base, tmp_path: Path):
    first, second = (make_adapter(tmp_path, tiny_models() / MODEL, seed=seed) for seed in (1, 2))
    adapters = shelf(base, tmp_path)
    loaded = adapters.get(first)
    assert loaded.sha256 == sha256_of(tmp_path / f"{first}-f1" / "adapter_model.safetensors")
    assert loaded.tensors_sha256 != adapters.get(second).tensors_sha256
    assert loaded.tensors_sha256 == shelf(base, tmp_path).get(first).tensors_sha256
    assert set(adapter_ids(tmp_path)) == {first, second}


def test_adapters_leave_memory_where_there_is_no_room_for_all(base, tmp_path: Path):
    first, second, third = (make_adapter(tmp_path, tiny_models() / MODEL, seed=seed) for seed in (1, 2, 3))
    adapters = shelf(base, tmp_path)
    one = adapters.get(first)
    adapters.most_bytes = 2 * one.bytes
    other = adapters.get(second)
    assert adapters.get(first) is one
    adapters.get(third)
    assert adapters.get(first) is one
    again = adapters.get(second)
    assert again is not other
    assert again.tensors_sha256 == other.tensors_sha256
    adapters.most_bytes = 0
    assert adapters.get(first).sha256 == one.sha256, "one is held in any case"


def test_the_newest_claim_of_an_adapter_counts(base, tmp_path: Path):
    adapter_id = make_adapter(tmp_path, tiny_models() / MODEL, seed=1)
    other = make_adapter(tmp_path, tiny_models() / MODEL, seed=2)
    (tmp_path / f"{other}-f1").rename(tmp_path / f"{adapter_id}-f10")
    sha256 = sha256_of(tmp_path / f"{adapter_id}-f10" / "adapter_model.safetensors")
    assert shelf(base, tmp_path).get(adapter_id).sha256 == sha256


@pytest.mark.parametrize("adapter_id", ["../../etc", "*", "", "9e107d9d-372b-4f1a-8c2d-0123456789ab"])
def test_what_is_no_adapter_is_not_found(base, tmp_path: Path, adapter_id: str):
    with pytest.raises(NotFound):
        shelf(base, tmp_path).get(adapter_id)


def test_a_deleted_adapter_is_gone_even_when_it_was_loaded(base, tmp_path: Path):
    adapter_id = make_adapter(tmp_path, tiny_models() / MODEL)
    adapters = shelf(base, tmp_path)
    adapters.get(adapter_id)
    (tmp_path / f"{adapter_id}-f1" / "MANIFEST.json").unlink()
    with pytest.raises(NotFound):
        adapters.get(adapter_id)


def changed(folder: Path, name: str, **values: object) -> None:
    written = json.loads((folder / name).read_bytes())
    (folder / name).write_text(json.dumps({**written, **values}))


def test_an_adapter_of_another_base_is_refused(base, tmp_path: Path):
    adapter_id = make_adapter(tmp_path, tiny_models() / MODEL)
    changed(tmp_path / f"{adapter_id}-f1", "MANIFEST.json", base_sha256="0" * 64)
    with pytest.raises(OtherBase, match="another base"):
        shelf(base, tmp_path).get(adapter_id)


def test_a_changed_file_is_refused(base, tmp_path: Path):
    adapter_id = make_adapter(tmp_path, tiny_models() / MODEL)
    weights = tmp_path / f"{adapter_id}-f1" / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x7f")
    with pytest.raises(Damaged, match="not what was saved"):
        shelf(base, tmp_path).get(adapter_id)


@pytest.mark.parametrize(
    "values", [{"use_dora": True}, {"bias": "all"}, {"modules_to_save": ["lm_head"]}, {"peft_type": "IA3"}]
)
def test_kinds_that_would_be_applied_wrongly_are_refused(base, tmp_path: Path, values: dict):
    adapter_id = make_adapter(tmp_path, tiny_models() / MODEL)
    changed(tmp_path / f"{adapter_id}-f1", "adapter_config.json", **values)
    with pytest.raises(Damaged, match="kind of adapter"):
        shelf(base, tmp_path).get(adapter_id)
