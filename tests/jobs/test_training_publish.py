"""Publishing: what is proven to answer the same is kept, anything else is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, TaskType, get_peft_model

from jobs.requests import Train
from jobs.training.answers import answer, prompts, texts
from jobs.training.best import Best
from jobs.training.loading import load_base
from jobs.training.preparing import Task, prepare
from jobs.training.publish import PROOF_TOKENS, publish_proven, write
from storage.errors import Damaged
from storage.files import read_manifest
from tests.claimed import claimed_context
from tests.jobs.small_training import keep, one_thread, open_small

__all__ = ["one_thread"]  # a fixture for every test here


@pytest.fixture
def task(tmp_path: Path) -> Iterator[Task]:
    """A checked training over the tiny model."""
    workspace = open_small(tmp_path)
    request = Train(dataset_id=keep(workspace))
    yield prepare(request, claimed_context(workspace, request))
    workspace.close()


def adapted(task: Task):
    """Return the base with a random adapter that changes its answers."""
    torch.manual_seed(1)
    config = LoraConfig(r=4, target_modules="all-linear", task_type=TaskType.CAUSAL_LM, init_lora_weights=False)
    return get_peft_model(load_base(task.base.folder, task.plan), config)


def test_the_published_adapter_answers_as_the_one_in_memory(task: Task) -> None:
    model = adapted(task)
    asked = prompts(task.encoder, task.rows.asked)[0]
    expected = answer(model, task.encoder, [asked], PROOF_TOKENS)[0]
    with model.disable_adapter():
        assert answer(model, task.encoder, [asked], PROOF_TOKENS)[0] != expected
    write(model, task.temporary, task.base.id)
    hashes = publish_proven(task, "job", asked, expected)
    assert read_manifest(task.folder)["adapter_sha256"] == hashes[0]
    assert not task.temporary.exists()


def test_an_adapter_that_answers_otherwise_is_not_kept(task: Task) -> None:
    write(adapted(task), task.temporary, task.base.id)
    with pytest.raises(Damaged, match="did not answer as it did"):
        publish_proven(task, "job", prompts(task.encoder, task.rows.asked)[0], [5, 6, 7])
    assert not task.folder.exists()


def test_answers_do_not_depend_on_what_is_asked_beside_them(task: Task) -> None:
    model = adapted(task).float()
    asked = [*prompts(task.encoder, task.rows.asked), task.encoder.prompt([{"role": "user", "content": "Hi"}])]
    together = answer(model, task.encoder, asked, 12)
    alone = [answer(model, task.encoder, [ids], 12)[0] for ids in asked]
    assert together == alone
    assert len(texts(task.encoder, together)) == 3


def test_the_best_state_comes_back(task: Task) -> None:
    model = adapted(task)
    best = Best()
    best.offer(1, 2.0, model)
    weight = next(weight for name, weight in model.named_parameters() if weight.requires_grad)
    before = weight.detach().clone()
    with torch.no_grad():
        weight += 1
    best.offer(2, 3.0, model)
    assert (best.step, best.loss, best.looks_since) == (1, 2.0, 1)
    best.restore(model)
    torch.testing.assert_close(weight.detach(), before)
