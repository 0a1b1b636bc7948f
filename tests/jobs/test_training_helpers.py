"""One training over several processes: the same weights as in one, whatever their shares."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from jobs.context import Made
from jobs.requests import Measure, Train
from jobs.training import helpers, preparing
from jobs.training.exchange import Work
from jobs.training.forecast import FORECAST, told
from jobs.training.hardware import Hardware
from jobs.training.helping import help_out
from jobs.training.preparing import prepare
from jobs.training.rehearsing import measure
from jobs.training.sft import train
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.jobs.small_training import keep, one_thread, open_small
from tests.jobs.test_training_starter import keep as keep_cities
from tests.jobs.test_training_starter import with_starter

__all__ = ["one_thread", "with_starter"]  # fixtures


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace with the tiny model, on a processor that computes in fp32."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(preparing, "detect", lambda: Hardware("cpu", "float32", 8 << 30))
    workspace = open_small(tmp_path)
    yield workspace
    workspace.close()


def run(workspace: Workspace, request: Train, place: str) -> tuple[Made, dict[str, torch.Tensor], list[float]]:
    """Train in that place; return what was made, its weights, and the loss of each step."""
    context = claimed_context(workspace, request, place)
    made = train(request, context)
    context.flush()
    assert made.adapter is not None
    weights = load_file(workspace.home / made.adapter.path / "adapter_model.safetensors")
    losses = [one.body["loss"] for one in workspace.runs.records(context.job.id, "loss") if one.body.get("lr")]
    return made, weights, losses


def as_alone(workspace: Workspace, request: Train, place: str) -> float:
    """Train in one process and in two; return how far their weights are apart, as a share of the weights' size.

    The numbers are added in another order, and the optimizer makes more of that with every step.
    """
    alone, weights, losses = run(workspace, request, "cpu:0")
    together, shared, heard = run(workspace, request, place)
    assert "cards" not in alone.result
    assert (together.result["cards"], together.result["steps"]) == (2, alone.result["steps"])
    assert heard[:2] == pytest.approx(losses[:2], rel=1e-5)
    assert heard == pytest.approx(losses, rel=1e-3)
    assert together.result["eval_loss"] == pytest.approx(alone.result["eval_loss"], rel=1e-3)
    assert shared.keys() == weights.keys()
    apart, size = (torch.cat([one[name].flatten() for name in weights]) for one in (shared, weights))
    return float((apart - size).norm() / size.norm())


@pytest.mark.slow
def test_the_starter_comes_to_the_same_weights_over_two_processes(
    with_starter: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "detect", lambda: Hardware("cpu", "float32", 8 << 30))
    request = Train(dataset_id=keep_cities(with_starter), epochs=1)
    assert as_alone(with_starter, request, "cpu:0,1") < 1e-4


@pytest.mark.parametrize(
    ("place", "knobs"),
    [
        ("cpu:0,1", {}),
        # shares of three rows and of two, computed twice
        pytest.param("cpu:0,1", {"batch_size": 5, "less_memory": 2}, marks=pytest.mark.slow),
        # more processes than rows a step: one is not started
        pytest.param("cpu:0,1,2", {"batch_size": 2, "epochs": 1}, marks=pytest.mark.slow),
    ],
)
def test_several_processes_come_to_the_weights_of_one(small: Workspace, place: str, knobs: dict[str, Any]) -> None:
    asked = {"dataset_id": keep(small, 29), "epochs": 2, "learning_rate": 0.01, **knobs}
    request = Train.model_validate(asked)
    assert as_alone(small, request, place) < 1e-4


@pytest.mark.slow
def test_half_precision_is_the_same_in_all_processes(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "detect", lambda: Hardware("cpu", "bfloat16", 8 << 30))
    request = Train(dataset_id=keep(small, 29), epochs=2, learning_rate=0.01)
    alone, _, losses = run(small, request, "cpu:0")
    together, _, heard = run(small, request, "cpu:0,1")
    assert heard == pytest.approx(losses, rel=0.01)
    assert together.result["eval_loss"] == pytest.approx(alone.result["eval_loss"], rel=0.01)


def test_one_card_starts_no_other_process(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helpers, "Helpers", None)  # would be called
    request = Train(dataset_id=keep(small), epochs=1)
    run(small, request, "cpu:0")
    assert not torch.distributed.is_initialized()


def test_a_trial_measures_all_processes_at_once_and_lets_them_go(small: Workspace) -> None:
    request = Measure(dataset_id=keep(small, 29), epochs=2)
    context = claimed_context(small, request, "cpu:0,1")
    made = measure(request, context)
    assert told(made.result[FORECAST]).batch_size == 4
    assert made.result["plan"]["cards"] == 2
    assert not torch.distributed.is_initialized()


@pytest.mark.parametrize(("place", "cards"), [("cuda:0,1", 1), ("cpu:0", 1), ("cpu:0,1", 2)])
def test_places_of_another_device_than_torch_computes_on_count_as_one(small: Workspace, place: str, cards: int) -> None:
    request = Train(dataset_id=keep(small))
    assert prepare(request, claimed_context(small, request, place)).plan.cards == cards


def test_a_helper_without_memory_says_so_and_goes_on() -> None:
    given: list[tuple[float, bool]] = []
    work = iter([Work([{}, {}]), Work([{}]), None])
    exchange: Any = SimpleNamespace(
        rank=1, size=2, take=lambda: next(work), give=lambda loss, *, short: given.append((loss, short))
    )

    def through(*_: object) -> float:
        raise torch.OutOfMemoryError

    learner: Any = SimpleNamespace(
        accelerator=SimpleNamespace(scaler=None), through=through, model=torch.nn.Linear(1, 1)
    )
    help_out(learner, exchange)
    assert given == [(0.0, True), (0.0, False)], "of one batch the second process has none"
