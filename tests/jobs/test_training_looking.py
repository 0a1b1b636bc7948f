"""Looks: what they cost is bounded, the best of them is kept, and they end a run that no longer gets better."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from jobs.training import looking
from jobs.training.looking import ASK_SHARE, Looks, WentAstray
from jobs.training.plan import Plan

PLAN = Plan("cpu", "float32", 1e-3, 16, 8, 1, 1024, False, 3, 10, seconds=None, patience=2, seed=0)


class Model:
    """A model with one weight that is learned."""

    def __init__(self) -> None:
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def named_parameters(self) -> Any:
        return [("weight", self.weight)]


class Clock:
    """Time that passes by a second with each question asked."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


class Asked:
    """Gives scores in turn and counts the steps at which it was asked."""

    def __init__(self, *scores: float) -> None:
        self.clock, self.steps, self._scores = Clock(), list[int](), list(scores)

    def __call__(self, _model: Any, step: int) -> float:
        self.clock.now += 1.0
        self.steps.append(step)
        return self._scores.pop(0) if self._scores else 0.0


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    made = Asked()
    monkeypatch.setattr(looking, "time", made.clock)
    return made


def test_questions_take_their_share_of_the_time_and_no_more(asked: Asked) -> None:
    looks = Looks(PLAN, asked)
    for step in range(0, 1000, 5):
        looks.look(step, 1.0, Model(), spent_s=float(step))
    assert asked.steps[:3] == [0, 20, 35]
    assert (len(asked.steps) - 1) / 1000 <= ASK_SHARE
    assert len(asked.steps) > 50


def test_the_best_is_the_look_with_the_least_distance_after_learning_began(asked: Asked) -> None:
    looks, model = Looks(PLAN, asked), Model()
    for step, loss in ((0, 0.5), (4, 1.2), (8, 1.0), (12, 1.1)):
        with torch.no_grad():
            model.weight.fill_(step)
        looks.look(step, loss, model, 0.0)
    assert (looks.best.step, looks.best.looks_since, looks.out_of_patience) == (8, 1, False)
    assert looks.loss_at(8) == 1.0
    looks.look(16, 1.1, model, 0.0)
    assert looks.out_of_patience
    looks.best.restore(model)
    assert model.weight.item() == 8.0


def test_without_patience_it_goes_on(asked: Asked) -> None:
    looks = Looks(replace(PLAN, patience=None), asked)
    for step in range(0, 40, 4):
        looks.look(step, 1.0 + step, Model(), 0.0)
    assert not looks.out_of_patience


def test_answers_can_be_the_yardstick(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(0.0, 0.4, 0.7, 0.6)
    monkeypatch.setattr(looking, "time", asked.clock)
    looks = Looks(replace(PLAN, judged_by="answers"), asked)
    for step, loss in ((0, 3.0), (4, 2.0), (8, 2.5), (12, 1.0)):
        looks.look(step, loss, Model(), 0.0)
    assert asked.steps == [0, 4, 8, 12], "then every look asks"
    assert (looks.best.step, looks.best.loss) == (8, -0.7)


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_noise_ends_a_run(asked: Asked, loss: float) -> None:
    with pytest.raises(WentAstray, match="step 4"):
        Looks(PLAN, asked).look(4, loss, Model(), 0.0)
