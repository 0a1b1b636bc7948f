"""The state of a training comes back whole: what was learned, what was best, how far it was, and chance."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from jobs.requests import Train
from jobs.training.best import trained
from jobs.training.looking import Looks
from jobs.training.preparing import prepare
from jobs.training.setting_up import set_up
from jobs.training.state import Parts, Saved, put_back, put_back_random, take
from storage.workspace import Workspace
from tests.jobs.interrupted_training import again, begin, cut_off, in_format, line
from tests.jobs.small_training import keep, one_thread, open_small

__all__ = ["one_thread"]  # a fixture for every test here


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with the tiny model."""
    workspace = open_small(tmp_path_factory.mktemp("state"))
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def cut(small: Workspace) -> Iterator[tuple[Parts, Saved, list[float]]]:
    """The parts of a next attempt, still at their beginning; what was kept at step 5; the losses up to there."""
    request = Train(dataset_id=keep(small, 29), epochs=3, learning_rate=0.01)
    with pytest.MonkeyPatch.context() as patched:
        in_format(patched, "float32")
        first = begin(small, request)
        cut_off(first, request, "before loss 6")
        saved = Saved.read(small.home / first.checkpoints()[0].path)
        second = again(first, request)
        yield set_up(prepare(request, second), second), saved, [loss for step, loss in line(first) if step]


def looks(parts: Parts) -> Looks:
    assert parts.watching.looks is not None
    return parts.watching.looks


def test_everything_stands_where_it_stood(cut: tuple[Parts, Saved, list[float]]) -> None:
    parts, saved, losses = cut
    put_back(parts, saved)
    pace, watching, trainer = parts.pace, parts.watching, parts.trainer
    assert (pace.steps, pace.last, parts.order.passes) == (5, 12, 1)
    assert pace.tokens_a_second > 0
    assert watching.losses == losses
    assert [step for step, _ in looks(parts).watched] == [0, 4]
    assert (watching.look_due, watching.over) == (False, False)
    assert watching.earlier_s > 0
    assert len(parts.samples.before) == 2
    assert (trainer.state.global_step, trainer.state.epoch) == (5, 1.25)
    assert trainer.state.num_input_tokens_seen == watching.tokens > 0
    assert all(torch.equal(weight, saved.weights[name]) for name, weight in trained(trainer.model).items())


def test_the_best_so_far_comes_back_with_its_weights(cut: tuple[Parts, Saved, list[float]]) -> None:
    parts, saved, _ = cut
    put_back(parts, saved)
    best, weights = looks(parts).best, trained(parts.trainer.model)
    assert (best.step, best.looks_since, best.loss) == (4, 0, looks(parts).watched[-1][1])
    assert any(not torch.equal(weight, best.weights[name]) for name, weight in weights.items())
    best.restore(parts.trainer.model)
    assert all(torch.equal(weight, best.weights[name]) for name, weight in weights.items())


def test_the_best_is_not_written_twice_where_it_is_what_there_is(
    cut: tuple[Parts, Saved, list[float]], tmp_path: Path
) -> None:
    parts, saved, _ = cut
    replace(saved, best=None).write(tmp_path)
    assert not (tmp_path / "best.safetensors").exists()
    put_back(parts, Saved.read(tmp_path))
    weights = trained(parts.trainer.model)
    assert all(torch.equal(weight, looks(parts).best.weights[name]) for name, weight in weights.items())


def test_a_run_that_had_lost_its_patience_is_over(cut: tuple[Parts, Saved, list[float]]) -> None:
    parts, saved, _ = cut
    kept = saved.facts["watching"]
    told = {**kept["looks"], "best": {"step": 4, "loss": 1.0, "looks_since": 3}}
    impatient = replace(saved, facts={**saved.facts, "watching": {**kept, "looks": told}})
    looks(parts)._plan = replace(parts.plan, patience=4)
    put_back(parts, impatient)
    assert not parts.watching.over
    looks(parts)._plan = replace(parts.plan, patience=3)
    assert parts.watching.over


def test_the_state_holds_no_more_than_tensors_and_json(cut: tuple[Parts, Saved, list[float]]) -> None:
    _, saved, _ = cut
    assert json.loads(json.dumps(saved.facts)) == saved.facts
    assert {tensor.dtype for tensor in saved.weights.values()} == {torch.float32}


def test_chance_goes_on_from_where_it_was(cut: tuple[Parts, Saved, list[float]]) -> None:
    parts, saved, _ = cut
    put_back(parts, saved)
    parts.trainer.create_optimizer_and_scheduler(parts.pace.last)
    facts = json.loads(json.dumps(take(parts).facts["random"]))

    def drawn() -> tuple[float, ...]:
        return random.random(), random.gauss(), float(np.random.rand()), float(np.random.randn()), float(torch.rand(1))

    expected = drawn()
    assert drawn() != expected
    put_back_random(facts)
    assert drawn() == expected
