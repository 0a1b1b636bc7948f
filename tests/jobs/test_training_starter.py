"""Training with the real starter model, and on a GPU where there is one."""

from pathlib import Path

import pytest
import torch

from jobs.models.installed import installed
from jobs.requests import Train
from jobs.training.sft import train
from storage.records import Example, Part
from storage.settings import Settings
from storage.workspace import Workspace
from tests.claimed import claimed_context

CITIES = (
    *("Aarhus", "Bilbao", "Coimbra", "Dresden", "Evora", "Faro", "Ghent", "Haarlem", "Innsbruck", "Jena", "Krakow"),
    *("Lyon", "Malmo", "Nantes", "Ostend", "Porto", "Quimper", "Riga", "Split", "Turin", "Utrecht", "Vilnius"),
    *("Worms", "Zadar"),
)


@pytest.fixture
def with_starter(tmp_path: Path) -> Workspace:
    """A workspace with the starter model of this computer."""
    models = Settings().models
    if installed(models, "starter") is None:
        pytest.skip("the starter model is not on this computer; `make setup` fetches it")
    return Workspace.open(Settings(home=tmp_path / "home", models=models))


def keep(workspace: Workspace) -> str:
    parts: list[Part] = [*["learn"] * 22, "watch", "watch"]  # pyright: ignore[reportAssignmentType]
    rows = [
        Example(nr, f"Do you deliver to {city}?", f"Yes, we ride to {city} twice a week.", part=part)
        for nr, (city, part) in enumerate(zip(CITIES, parts, strict=True))
    ]
    return workspace.datasets.keep("cities", rows, rows=24, columns={}, dropped=(), source="cities.csv").id


def learns(workspace: Workspace) -> None:
    request = Train(dataset_id=keep(workspace), epochs=2)
    made = train(request, claimed_context(workspace, request))
    assert made.adapter is not None
    assert made.result["eval_loss"] < made.result["eval_loss_start"] / 2
    assert made.result["loss_end"] < made.result["loss_start"] / 2


@pytest.mark.slow
def test_the_starter_model_learns_from_a_few_rows(with_starter: Workspace) -> None:
    learns(with_starter)


@pytest.mark.gpu
def test_a_graphics_card_learns_in_half_precision(with_starter: Workspace) -> None:
    if not torch.cuda.is_available():
        pytest.skip("there is no NVIDIA GPU")
    torch.cuda.reset_peak_memory_stats()
    learns(with_starter)
    assert torch.cuda.max_memory_allocated() < 4 * 1024**3
