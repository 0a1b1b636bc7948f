"""Training end to end with the tiny model: what is learned, what is published, what stopping leaves behind."""

import math
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM
from trl.trainer.sft_trainer import SFTTrainer

from jobs.context import Cancelled, JobContext, Made
from jobs.models.encoding import IGNORED
from jobs.queue import Queue
from jobs.requests import Train
from jobs.training import best, looking, setting_up
from jobs.training.loading import load_base
from jobs.training.plan import Plan
from jobs.training.preparing import prepare
from jobs.training.setting_up import set_up
from jobs.training.sft import train
from jobs.training.trainer import AnswerTrainer, answer_loss
from storage.errors import Damaged, Missing, UnusableRows
from storage.files import read_manifest, sha256_of
from storage.records import Adapter, Job, Json
from storage.settings import Settings
from storage.workspace import Workspace
from tests.claimed import claimed_again, claimed_context
from tests.jobs.small_training import keep, one_thread, open_small

__all__ = ["one_thread"]  # a fixture for every test here


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Workspace]:
    """A fresh workspace with the tiny model."""
    workspace = open_small(tmp_path)
    yield workspace
    workspace.close()


@dataclass(frozen=True)
class Trained:
    """A finished run of 2 passes, 4 steps, looked at by several tests."""

    workspace: Workspace
    made: Made
    adapter: Adapter
    job: Job


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    """Train once."""
    workspace = open_small(tmp_path_factory.mktemp("trained"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(looking, "ASK_SHARE", math.inf)
        made, context = run(workspace)
    context.flush()
    assert made.adapter is not None
    yield Trained(workspace, made, made.adapter, context.job)
    workspace.close()


class Meddling(JobContext):
    """A context in which something happens as soon as the first step is recorded."""

    happens: Callable[[], object] | None = None

    def record(self, kind: str, step: int, body: Json) -> None:
        super().record(kind, step, body)
        if step == 1 and self.happens is not None:
            self.happens()


def run(workspace: Workspace, **knobs: float) -> tuple[Made, JobContext]:
    request = Train.model_validate({"dataset_id": keep(workspace), "epochs": 2, "learning_rate": 0.01, **knobs})
    context = claimed_context(workspace, request)
    return train(request, context), context


def left_in(workspace: Workspace) -> list[str]:
    return [path.name for name in ("adapters", "checkpoints") for path in workspace.folder(name).iterdir()]


def test_an_adapter_is_published_with_what_it_was_made_from(trained: Trained) -> None:
    adapter, models = trained.adapter, trained.workspace.settings.models
    folder = trained.workspace.home / adapter.path
    manifest = read_manifest(folder)
    assert sorted(file["name"] for file in manifest["files"]) == ["adapter_config.json", "adapter_model.safetensors"]
    assert manifest["adapter_id"] == adapter.id == trained.job.adapter_id
    assert manifest["job_id"] == trained.job.id
    assert manifest["base_id"] == "starter"
    assert manifest["base_sha256"] == adapter.base_sha256 == sha256_of(models / "starter" / "model.safetensors")
    assert manifest["adapter_sha256"] == adapter.adapter_sha256 == sha256_of(folder / "adapter_model.safetensors")
    assert left_in(trained.workspace) == [folder.name]
    assert str(models) not in (folder / "adapter_config.json").read_text()


def test_the_adapter_changes_every_linear_layer(trained: Trained) -> None:
    base = AutoModelForCausalLM.from_pretrained(str(trained.workspace.settings.models / "starter"))
    model = PeftModel.from_pretrained(base, str(trained.workspace.home / trained.adapter.path))
    changed = {
        name.split(".lora_B")[0].rpartition(".")[2]
        for name, weight in model.named_parameters()
        if "lora_B" in name and bool(weight.any())
    }
    assert changed == {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}


def test_the_report_says_what_the_run_was(trained: Trained) -> None:
    report = trained.made.result
    assert (report["rows"], report["watched_rows"], report["passes"], report["steps"]) == (11, 2, 2.0, 4)
    assert (report["cut_rows"], report["left_out_rows"], report["learning_rate"]) == (0, 0, 0.01)
    assert report["eval_loss"] < report["eval_loss_start"]
    assert report["seconds"] > 0
    assert trained.adapter.report == report


def test_losses_and_samples_are_recorded(trained: Trained) -> None:
    records = trained.workspace.runs.records(trained.job.id)
    losses = [record for record in records if record.kind == "loss"]
    samples = [record for record in records if record.kind == "sample"]
    assert [record.step for record in losses if "loss" in record.body] == [0, 1, 2, 3, 4]
    assert [record.step for record in losses if "eval_loss" in record.body] == [0, 2, 4]
    assert [record.step for record in samples] == [0, 0, 2, 2, 4, 4]
    assert samples[-1].body["question"] == "What is 12 and 12?"
    assert samples[-1].body["expected"] == "It is 24."
    assert samples[0].body["now"] == ""
    assert samples[0].body["before"] == samples[2].body["before"]


def test_nobody_is_told_of_a_training(small: Workspace) -> None:
    looked_up = list[object]()
    sys.addaudithook(lambda event, facts: looked_up.append(facts) if event == "socket.getaddrinfo" else None)
    run(small, epochs=1)
    time.sleep(0.5)  # a report would be sent in the background
    assert looked_up == []


def test_the_same_seed_repeats_the_run(trained: Trained, small: Workspace) -> None:
    again, _ = run(small)
    assert again.adapter is not None
    assert again.adapter.adapter_sha256 == trained.adapter.adapter_sha256


def test_another_seed_is_another_run(trained: Trained, small: Workspace) -> None:
    other, _ = run(small, seed=7)
    assert other.adapter is not None
    assert other.adapter.adapter_sha256 != trained.adapter.adapter_sha256


def test_the_trainer_gets_our_tokens_and_labels_unchanged(small: Workspace) -> None:
    request = Train(dataset_id=keep(small))
    context = claimed_context(small, request)
    task = prepare(request, context)
    trainer = set_up(task, context).trainer
    expected = {(tuple(row.input_ids), tuple(row.labels)) for row in task.rows.learn}
    given = set[tuple[tuple[int, ...], tuple[int, ...]]]()
    for batch in trainer.get_train_dataloader():
        for ids, labels, mask in zip(batch["input_ids"], batch["labels"], batch["attention_mask"], strict=True):
            real = int(mask.sum())
            given.add((tuple(ids[:real].tolist()), tuple(labels[:real].tolist())))
            assert (labels[real:] == IGNORED).all()
    assert given == expected
    answers = [[label for label in labels if label != IGNORED] for _, labels in given]
    assert {task.encoder.decode(answer) for answer in answers} == {f"It is {2 * nr}.<|im_end|>" for nr in range(11)}


def test_our_loss_is_the_loss_of_trl(small: Workspace) -> None:
    request = Train(dataset_id=keep(small))
    context = claimed_context(small, request)
    trainer = set_up(prepare(request, context), context).trainer
    batch = next(iter(trainer.get_train_dataloader()))
    with torch.no_grad():
        ours = answer_loss(trainer.model, batch)
        theirs = SFTTrainer.compute_loss(trainer, trainer.model, dict(batch))
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)
    assert isinstance(trainer, AnswerTrainer)


def test_what_saves_memory_is_rehearsed_too(small: Workspace) -> None:
    saves: list[bool] = []
    for less_memory in (0, 3):
        request = Train(dataset_id=keep(small), less_memory=less_memory)
        context = claimed_context(small, request)
        saves.append(set_up(prepare(request, context), context).trainer.model.is_activation_checkpointing)
    assert saves == [False, True]


def test_the_base_is_looked_at_after_the_first_step_as_it_was_before_it(small: Workspace) -> None:
    request = Train(dataset_id=keep(small), epochs=2, learning_rate=0.01)
    untaught = claimed_context(small, request)
    before = set_up(prepare(request, untaught), untaught).trainer.evaluate()["eval_loss"]
    context = claimed_context(small, request)
    report = train(request, context).result
    context.flush()
    losses = [record for record in small.runs.records(context.job.id) if record.kind == "loss"]
    order = [(record.step, "eval_loss" in record.body) for record in losses]
    assert order.index((1, False)) < order.index((0, True))
    assert report["eval_loss_start"] == pytest.approx(before, rel=1e-6)
    assert report["eval_loss"] != pytest.approx(before, rel=1e-3)


def test_an_adapter_over_packed_weights_is_learned_in_full_precision(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def packed(folder: Path, plan: Plan) -> object:
        model = load_base(folder, plan)
        model.is_loaded_in_4bit = True  # by which TRL knows it
        return model

    monkeypatch.setattr(setting_up, "load_base", packed)
    request = Train(dataset_id=keep(small))
    context = claimed_context(small, request)
    learned = best.trained(set_up(prepare(request, context), context).trainer.model)
    assert {weight.dtype for weight in learned.values()} == {torch.float32}


def meddle(workspace: Workspace, epochs: float, act: Callable[[Queue, str], object]) -> tuple[Train, Meddling]:
    request = Train(dataset_id=keep(workspace), epochs=epochs)
    queue = Queue(workspace.database, workspace.clock)
    job = claimed_context(workspace, request).job
    context = Meddling(workspace, queue, job)
    context.happens = lambda: act(queue, job.id)
    return request, context


def test_cancelling_leaves_nothing(small: Workspace) -> None:
    request, context = meddle(small, 50, lambda queue, job_id: queue.request_cancel(job_id))
    with pytest.raises(Cancelled):
        train(request, context)
    assert left_in(small) == []


def test_stopping_early_keeps_what_was_learned(small: Workspace) -> None:
    request, context = meddle(small, 50, lambda queue, job_id: queue.request_finish(job_id))
    made = train(request, context)
    assert made.stop_reason == "kept"
    assert made.adapter is not None
    assert 0 < made.result["steps"] < 100
    assert read_manifest(small.home / made.adapter.path)


def test_too_few_rows_are_refused_before_anything_is_loaded(small: Workspace) -> None:
    request = Train(dataset_id=keep(small, learn=5))
    with pytest.raises(UnusableRows, match="at least 10"):
        train(request, claimed_context(small, request))
    assert left_in(small) == []


def test_a_model_that_is_not_there_is_missing(workspace: Workspace, tmp_path: Path) -> None:
    bare = Workspace(Settings(home=workspace.home, models=tmp_path / "none"), workspace.database)
    request = Train(dataset_id=keep(workspace))
    with pytest.raises(Missing):
        train(request, claimed_context(bare, request))


def test_changed_weights_are_refused(small: Workspace) -> None:
    weights = small.settings.models / "starter" / "model.safetensors"
    damaged = bytearray(weights.read_bytes())
    damaged[-1] ^= 1
    weights.write_bytes(damaged)
    request = Train(dataset_id=keep(small))
    with pytest.raises(Damaged, match="starter"):
        train(request, claimed_context(small, request))


def test_a_second_attempt_clears_up_after_the_first(small: Workspace) -> None:
    request = Train(dataset_id=keep(small), epochs=1)
    first = claimed_context(small, request)
    for name in (f".tmp-{first.job.adapter_id}-f1", f"{first.job.adapter_id}-f1"):
        (small.folder("adapters") / name).mkdir()
    queue = Queue(small.database, small.clock)
    assert queue.interrupt(first.job, "the worker died")
    second = claimed_again(small, queue.get(first.job.id), request)
    made = train(request, second)
    assert made.adapter is not None
    assert left_in(small) == [f"{first.job.adapter_id}-f2"]
    assert made.adapter.path.endswith("-f2")
