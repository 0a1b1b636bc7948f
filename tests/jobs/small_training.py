"""What tests of trainings share: a workspace with the tiny model, and a small set of sums."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from storage.records import Example, Part
from storage.settings import Settings
from storage.workspace import Workspace
from tests.tiny import make_tiny_model


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """So small a model is faster without threads that wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    gc.freeze()  # trainings collect garbage, which takes longer than they do where all that was imported is looked at
    yield
    gc.unfreeze()
    torch.set_num_threads(threads)


def open_small(folder: Path) -> Workspace:
    """Return a workspace whose starter is the tiny model."""
    settings = Settings(home=folder / "home", models=folder / "models")
    make_tiny_model(settings.models / "starter")
    return Workspace.open(settings)


def keep(workspace: Workspace, learn: int = 11) -> str:
    """Keep a small set of sums and return its id."""
    parts: list[Part] = [*["learn"] * learn, "watch", "watch", "exam"]  # pyright: ignore[reportAssignmentType]
    rows = [Example(nr, f"What is {nr} and {nr}?", f"It is {2 * nr}.", part=part) for nr, part in enumerate(parts)]
    return workspace.datasets.keep("sums", rows, rows=len(rows), columns={}, dropped=(), source="sums.csv").id
