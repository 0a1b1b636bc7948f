"""Loading what the server answers with. This module brings torch in, so it is imported in the background."""

from dataclasses import dataclass
from pathlib import Path

from jobs.models.choosing import keep_base
from jobs.models.installed import require
from jobs.serving.adapters import AdapterShelf
from jobs.serving.base import Base
from jobs.serving.device import best_device, card_bytes, free_bytes, use_all_cores
from jobs.serving.embedder import Embedder
from jobs.serving.engine import Engine
from storage.settings import Settings


@dataclass(frozen=True)
class Loaded:
    """All that answers: the engine with its base, the adapters of this home, the embedder."""

    engine: Engine
    adapters: AdapterShelf
    embedder: Embedder

    @property
    def base(self) -> Base:
        """The base model."""
        return self.engine.base

    def free_bytes(self) -> int:
        """Return how much memory of the model's device is free."""
        return free_bytes(self.base.device)

    def card_bytes(self) -> int:
        """Return how much memory of a graphics card is held."""
        return card_bytes(self.base.device)

    def warm_up(self) -> None:
        """Do now what the first masked answer would otherwise wait for."""
        _ = self.base.masks.wrapped

    def close(self) -> None:
        """Finish what is being written; the memory is free once nobody refers to this any more."""
        self.engine.close()


def load(settings: Settings) -> Loaded:
    """Load the base model and the embedder; raise Missing where one is not on this computer."""
    base_files = require(settings.models, keep_base(settings).model)
    embedder_files = require(settings.models, "embedder")
    use_all_cores()
    device = best_device()
    base = Base(base_files, device)
    shelf = base.shelf(Path(settings.home).expanduser() / "adapters")
    return Loaded(Engine(base), shelf, Embedder(embedder_files, device))
