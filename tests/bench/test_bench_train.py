"""The parts of `make bench-train` that measure nothing, and its contenders' rows with the tiny model."""

import csv
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from transformers import TrainingArguments

from jobs.models.encoding import IGNORED, Encoded, Encoder
from jobs.models.memory import Shape
from storage.workspace import Workspace
from tests.bench import train as bench
from tests.bench.clock import Clock, Terms
from tests.bench.matrices import flops_a_second, layers_of, parameters_in_use
from tests.bench.training_ours import keep_rows
from tests.bench.training_trl import settings
from tests.tiny import make_tiny_model

SHAPE = Shape(parameters=1000, layers=3, hidden=8, inner=16, vocabulary=100, keys=4, context=64)


def one(tokens: int, seconds: float, loss: float, peak_bytes: int = 10) -> bench.Trained:
    return bench.Trained(tokens, seconds, 12, peak_bytes, loss)


def terms(folder: Path, *, best: bool = False) -> Terms:
    rows = folder / "rows.json"
    rows.write_text(json.dumps([{"question": f"What is {nr}?", "answer": f"It is {nr}."} for nr in range(9)]))
    return Terms(str(folder), str(rows), str(folder / "out"), 16, 32, 1e-3, 128, 8, 0, best, bf16=False)


def test_the_layers_of_a_model_hold_its_weights() -> None:
    assert sum(kind.weights for kind in layers_of(SHAPE)) == 3 * (2 * 64 + 2 * 32 + 3 * 128)
    assert parameters_in_use(SHAPE, 0.5) == 3 * 576 + 400


def test_products_are_timed() -> None:
    assert flops_a_second(layers_of(SHAPE), 4, torch.float32) > 0


def test_the_figures_are_ratios_of_useful_tokens_over_all_rounds() -> None:
    found = {
        "triptych": [one(100, 1.0, 2.0), one(100, 3.0, 2.2)],
        "trl": [one(100, 4.0, 2.0, 30), one(100, 4.0, 2.2, 20)],
        "trl_best": [one(100, 2.0, 2.0), one(100, 2.0, 2.1)],
        "llamafactory": [],
    }
    told = bench.figures(found, in_use=10.0, peak=4000.0)
    assert (told["vs_trl"], told["vs_trl_best"]) == (2.0, 1.0)
    assert told["vs_llamafactory"] is None
    assert told["vs_llamafactory_best"] is None
    assert told["peak_share"] == 0.5
    assert told["loss_gap"] == round(2.1 / 2.05 - 1, 4)
    assert told["tokens_per_s"] == {"triptych": 50.0, "trl": 25.0, "trl_best": 50.0}
    assert told["peak_bytes"]["trl"] == 30


def test_rows_that_fit_are_taken_in_order_and_others_held_out(tmp_path: Path) -> None:
    encoder = Encoder.load(make_tiny_model(tmp_path / "starter"))
    file = tmp_path / "rows.csv"
    with file.open("w", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["question", "answer", "url"])
        table.writerow(["Too long?", "yes " * 300, ""])
        table.writerows([f"What is {nr}?", f" It is {nr}. ", ""] for nr in range(30))
    rows = bench.read_rows(file, 3, encoder)
    assert [row["answer"] for row in rows.learn] == ["It is 0.", "It is 1.", "It is 2."]
    assert len(rows.held_out) == bench.HELD_OUT
    assert rows.tokens == sum(len(row.input_ids) for row in rows.learned)
    assert 0 < rows.answered < 1
    with pytest.raises(AssertionError, match="has only 30 rows"):
        bench.read_rows(file, 7, encoder)


def test_the_share_of_learned_tokens_counts_labels() -> None:
    row = Encoded([1, 2, 3, 4], [IGNORED, IGNORED, IGNORED, 4])
    assert bench.Rows([], [row, row], []).answered == 0.25


def test_every_row_is_learned_by_ours(workspace: Workspace, tmp_path: Path) -> None:
    dataset = keep_rows(workspace, terms(tmp_path))
    assert len(workspace.datasets.examples(dataset)) == 9
    assert len(workspace.datasets.examples(dataset, "watch")) == 1


def test_a_processor_build_of_torch_comes_first_and_nothing_may_replace_it() -> None:
    first, others, last = bench.llama_factory_steps("https://index")
    assert [*first] == ["torch==2.13.0+cpu", "--extra-index-url", "https://index"]
    assert not any(word.startswith("torch") for word in others)
    assert [*last] == ["--no-deps", "llamafactory==0.9.5"]
    assert [*bench.llama_factory_steps(None)[0]] == ["torch==2.13.0+cpu"]


@pytest.mark.parametrize("bf16", [True, False])
def test_trl_at_its_best_computes_in_the_faster_format_and_nothing_twice(tmp_path: Path, bf16: bool) -> None:
    chosen = settings(replace(terms(tmp_path, best=True), bf16=bf16))
    assert (chosen.bf16, chosen.activation_checkpointing) == (bf16, False)
    assert chosen.model_init_kwargs == {"dtype": "bfloat16" if bf16 else "float32"}
    assert chosen.train_sampling_strategy == "group_by_length"


def test_without_a_table_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["train", str(tmp_path / "absent.csv")])
    assert bench.main() == 1
    assert "There is no table at" in capsys.readouterr().out


def test_a_contender_that_fails_is_left_out_with_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    contender = bench.Contender("trl", "tests.bench.no_such_module", sys.executable)
    assert bench.run_one(contender, terms(tmp_path)) is None
    assert "no_such_module" in capsys.readouterr().out
    with pytest.raises(AssertionError, match="no_such_module"):
        bench.run_one(replace(contender, name=bench.OURS), terms(tmp_path))


def test_the_clock_tells_tokens_steps_and_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock, state, nothing = Clock(), SimpleNamespace(global_step=2, num_input_tokens_seen=torch.tensor(70)), None
    arguments: Any = TrainingArguments(output_dir=str(tmp_path), report_to="none", use_cpu=True)
    clock.on_train_begin(arguments, state, nothing)  # type: ignore[arg-type] - it reads no more
    clock.on_step_end(arguments, state, nothing)  # type: ignore[arg-type] - it reads no more
    clock.tell()
    told = json.loads(capsys.readouterr().out.strip())
    assert (told["tokens"], told["steps"]) == (70, 2)
    assert told["seconds"] >= 0
    assert told["peak_bytes"] > 10**6
    given = terms(tmp_path, best=True)
    monkeypatch.setattr(sys, "argv", ["trains", json.dumps(asdict(given))])
    assert Terms.given() == given
