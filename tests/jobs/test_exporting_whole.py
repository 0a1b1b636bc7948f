"""A whole model to take away says what the studio's own says, in both forms, and else is not handed over."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from gguf import GGUFReader
from transformers import AutoTokenizer

from jobs.exporting import whole
from jobs.exporting.adapter import export
from jobs.exporting.merging import compare, load_written
from jobs.exporting.modelfile import modelfile
from jobs.models.encoding import Encoder
from jobs.requests import Export
from storage.errors import Damaged, Missing, UserFault
from storage.exports import kept_folder, kept_forms
from storage.records import Adapter, Example, Part
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.jobs.small_training import open_small
from tests.trained import keep_peft, random_peft


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Workspace]:
    workspace = open_small(tmp_path)
    yield workspace
    workspace.close()


@pytest.fixture
def adapter(small: Workspace) -> Adapter:
    parts: list[Part] = [*["learn"] * 8, *["exam"] * 4]  # pyright: ignore[reportAssignmentType]
    rows = [Example(nr, f"What is {nr} plus {nr}?", str(2 * nr), part=part) for nr, part in enumerate(parts, 1)]
    dataset = small.datasets.keep("Sums", rows, rows=12, columns={}, dropped=(), source="sums.csv")
    return keep_peft(small, random_peft(small), dataset.id)


def exported(small: Workspace, adapter_id: str, form: str, folder: Path) -> list[str]:
    request = Export.model_validate({"adapter_id": adapter_id, "folder": str(folder), "form": form})
    made = export(request, claimed_context(small, request))
    return list(made.result["files"])


def test_a_merged_model_is_one_that_transformers_opens(small: Workspace, adapter: Adapter, tmp_path: Path) -> None:
    files = exported(small, adapter.id, "merged", tmp_path / "out")
    assert {"config.json", "model.safetensors", "tokenizer.json", "README.md"} <= set(files)
    tuned, base = random_peft(small).eval(), load_written(small.settings.models / "starter", torch.float32)
    written = load_written(tmp_path / "out", torch.float32)
    asked = torch.tensor([[5, 17, 60, 42, 9]])
    with torch.inference_mode():
        want, got, untaught = (model(input_ids=asked).logits for model in (tuned, written, base))
    assert (want - got).abs().max() < 0.05 < (want - untaught).abs().max()
    assert AutoTokenizer.from_pretrained(tmp_path / "out").chat_template


def test_a_gguf_file_holds_the_same_weights_and_tokens(
    small: Workspace, adapter: Adapter, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = exported(small, adapter.id, "gguf", tmp_path / "out")
    assert files == ["Modelfile", "README.md", "model.gguf"]
    assert "llama.cpp and Ollama themselves were not started" in (tmp_path / "out" / "README.md").read_text()
    assert "Duplicated" not in caplog.text, "each key is written once"
    template = GGUFReader(tmp_path / "out" / "model.gguf").get_field("tokenizer.chat_template")
    assert template is not None
    assert template.contents() == (small.settings.models / "starter" / "chat_template.jinja").read_text()
    tuned = random_peft(small).merge_and_unload()
    written = load_written(tmp_path / "out", torch.float32, "model.gguf")
    for name, tensor in tuned.state_dict().items():
        torch.testing.assert_close(written.state_dict()[name], tensor, atol=1e-3, rtol=1e-3)


def test_one_that_is_kept_to_be_downloaded_is_written_once(small: Workspace, adapter: Adapter) -> None:
    left_behind = kept_folder(small.home, adapter.id, "gguf").with_name(f".{adapter.id}-gguf.killed.tmp")
    left_behind.mkdir(parents=True)
    request = Export(adapter_id=adapter.id, form="gguf")
    made = export(request, claimed_context(small, request))
    folder = Path(made.result["folder"])
    assert folder == kept_folder(small.home, adapter.id, "gguf")
    assert sorted(path.name for path in folder.iterdir()) == ["Modelfile", "README.md", "model.gguf"]
    assert kept_forms(small.home, adapter.id) == ("gguf",)
    assert not left_behind.exists()
    with pytest.raises(UserFault, match="downloaded already"):
        export(request, claimed_context(small, request))
    assert folder.is_dir()


def test_the_card_tells_where_it_comes_from(small: Workspace, adapter: Adapter, tmp_path: Path) -> None:
    exported(small, adapter.id, "merged", tmp_path / "out")
    card = (tmp_path / "out" / "README.md").read_text()
    assert "Sums, version 1: 8 examples, 4 more were held back." in card
    assert adapter.adapter_sha256 in card
    assert "Loaded from these files by transformers, it was asked 4 questions" in card
    assert "It was not scored yet." in card


def test_what_answers_otherwise_is_not_handed_over(
    small: Workspace, adapter: Adapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(folder: Path, dtype: torch.dtype, gguf: str) -> Any:
        model = load_written(folder, dtype, gguf)
        model.model.norm.weight.data.neg_()
        return model

    monkeypatch.setattr(whole, "load_written", spoilt)
    with pytest.raises(Damaged, match="answers otherwise"):
        exported(small, adapter.id, "merged", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_another_base_is_refused(small: Workspace, tmp_path: Path) -> None:
    adapter = keep_peft(small, random_peft(small))
    with small.database.writing() as connection:
        connection.exec_driver_sql("UPDATE adapters SET base_sha256 = 'other'")
    with pytest.raises(Missing, match="another one than this adapter"):
        exported(small, adapter.id, "merged", tmp_path / "out")


def test_equal_models_are_found_equal(small: Workspace) -> None:
    folder = small.settings.models / "starter"
    model = load_written(folder, torch.float32)
    said = whole.answers(model, Encoder.load(folder), ["One?", "Two?"])
    found = compare(model, said)
    assert (found.answers, found.whole, found.same) == (2, 2, found.tokens)
    assert dataclasses.replace(found, tokens=0, same=0).share == 0.0


def test_the_modelfile_has_the_template_that_the_model_was_taught_with(small: Workspace) -> None:
    told = modelfile(AutoTokenizer.from_pretrained(small.settings.models / "starter"), "model.gguf")
    assert told.startswith("FROM ./model.gguf\n")
    assert 'PARAMETER stop "<|im_end|>"' in told
    assert "{{- if not .System }}<|im_start|>system\nYou help.<|im_end|>\n{{ end }}" in told
    assert told.endswith('{{ .Content }}<|im_end|>\n{{ end }}<|im_start|>assistant\n"""\n')


def test_a_template_of_another_form_is_left_to_the_file(small: Workspace) -> None:
    tokenizer = AutoTokenizer.from_pretrained(small.settings.models / "starter")
    tokenizer.chat_template = "{{ messages[-1]['content'] }}"
    assert "TEMPLATE" not in modelfile(tokenizer, "model.gguf")
