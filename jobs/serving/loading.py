"""Loading what the server answers with. This module brings torch in, so it is imported in the background."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from jobs.models.choosing import keep_base
from jobs.models.installed import require, weights_size
from jobs.serving.adapters import AdapterShelf
from jobs.serving.base import Base
from jobs.serving.device import best_device, card_bytes, free_bytes, use_all_cores
from jobs.serving.embedder import Embedder
from jobs.serving.engine import Engine
from storage.settings import Settings

# Keys and values of answers in flight and the work area of the longest step.
_WORK_BYTES = 512 << 20
_STORED_WIDTH = 2  # bytes of a weight in the files, which are in half precision

# Seen in transformers: of two models that are loaded at the same time, one may lack tied weights and get random ones.
_alone = threading.Lock()


@dataclass(eq=False)
class Loaded:
    """One base that answers: the engine with it, and the adapters of this home that fit it.

    `entering` counts the requests that are on their way into the engine; `used_at` is when the last one came or ended.
    """

    engine: Engine
    adapters: AdapterShelf
    entering: int = 0
    used_at: float = field(default_factory=time.monotonic)

    @property
    def base(self) -> Base:
        """The base model."""
        return self.engine.base

    @property
    def in_use(self) -> bool:
        """Whether a request is in it."""
        return self.entering > 0 or self.engine.busy > 0

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
    """Load the base model of this home; raise Missing where it is not on this computer."""
    return load_base(settings, keep_base(settings).model)


def load_base(settings: Settings, model_id: str) -> Loaded:
    """Load a base model; raise Missing where it is not on this computer, NotAllowed where a trial ruled it out."""
    files = require(settings.models, model_id)
    use_all_cores()
    with _alone:
        base = Base(files, best_device())
    return Loaded(Engine(base), base.shelf(Path(settings.home).expanduser() / "adapters"))


def load_embedder(settings: Settings) -> Embedder:
    """Load the embedder; raise Missing where it is not on this computer."""
    files = require(settings.models, "embedder")
    with _alone:
        return Embedder(files, best_device())


def takes_bytes(settings: Settings, model_id: str) -> int:
    """Return about how much memory a base takes here while it answers; raise what `load_base` raises."""
    width = best_device().dtype.itemsize
    return weights_size(require(settings.models, model_id).folder) * width // _STORED_WIDTH + _WORK_BYTES


def free_now() -> int:
    """Return how much memory is free where models live."""
    return free_bytes(best_device())
