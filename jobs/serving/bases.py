"""The base models and the embedder in memory: brought on demand, within a budget, and let go of when nobody asks."""

import asyncio
import logging
import pkgutil
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from jobs.models.installed import require
from jobs.models.own import known_models
from jobs.serving.computing import apart
from storage.errors import ModelBusy, NotAllowed, NotFound, TooLarge
from storage.settings import Settings

if TYPE_CHECKING:
    from jobs.serving.embedder import Embedder
    from jobs.serving.loading import Loaded

_ROOM_LIMIT_S = 300.0
_LOOK_EVERY_S = 0.05

_logger = logging.getLogger(__name__)


class Bases:
    """What is held, by the base's id. One is loaded at a time; none is let go of while a request is in it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._held: dict[str, Loaded] = {}
        self._embedder: tuple[Embedder, float] | None = None
        self._lock = threading.Lock()
        self._turn = asyncio.Lock()

    def held(self, model_id: str) -> "Loaded | None":
        """Return a base that is in memory, else None."""
        return self._held.get(model_id)

    def keep(self, loaded: "Loaded", embedder: "Embedder | None" = None) -> None:
        """Hold what was loaded."""
        self._held[loaded.base.id] = loaded
        if embedder is not None:
            self._embedder = embedder, time.monotonic()

    @asynccontextmanager
    async def using(self, model_id: str) -> AsyncIterator["Loaded"]:
        """Give a base for a request to go into its engine; it is loaded where it is not in memory.

        Raises NotFound, Missing, NotAllowed, TooLarge or ModelBusy.
        """
        loaded = self._entered(model_id) or await self._brought(model_id)
        try:
            yield loaded
        finally:
            with self._lock:
                loaded.entering -= 1
                loaded.used_at = time.monotonic()

    async def embedder(self) -> "Embedder":
        """Return the embedder, loaded where it is not in memory; raise Missing."""
        if self._embedder is None:
            async with self._turn:
                if self._embedder is None:
                    made = await apart(_of_loading("load_embedder"), self._settings)
                    self._embedder = made, time.monotonic()
        self._embedder = self._embedder[0], time.monotonic()
        return self._embedder[0]

    def dead(self) -> bool:
        """Whether the engine of a base that is held has died."""
        return any(not loaded.engine.alive for loaded in self._held.values())

    def rest(self, idle_s: float) -> None:
        """Let go of what nobody asked for since `idle_s` seconds: bases, their adapters, the embedder."""
        before = time.monotonic() - idle_s
        if self._embedder and self._embedder[1] < before:
            self._embedder = None
        for loaded in list(self._held.values()):
            loaded.adapters.rest(idle_s)
            if loaded.in_use:
                loaded.used_at = time.monotonic()
        idle = [model_id for model_id, loaded in self._held.items() if loaded.used_at < before]
        if gone := [loaded for model_id in idle if (loaded := self._taken_out(model_id)) is not None]:
            _logger.info("not asked for a while: %s", ", ".join(loaded.base.id for loaded in gone))
            threading.Thread(target=_let_go, args=(gone,), name="resting", daemon=True).start()

    def drop(self, model_id: str) -> None:
        """Let go of one base after what is being written."""
        loaded = self._held.pop(model_id, None)
        _let_go([loaded] if loaded else [])

    def close(self) -> None:
        """Let go of everything after what is being written."""
        held, self._held, self._embedder = list(self._held.values()), {}, None
        _let_go(held)

    def card_bytes(self) -> int:
        """Return how much memory of a graphics card is held."""
        return max((loaded.card_bytes() for loaded in self._held.values()), default=0)

    def _entered(self, model_id: str) -> "Loaded | None":
        with self._lock:
            loaded = self._held.get(model_id)
            if loaded is not None:
                loaded.entering += 1
            return loaded

    def _taken_out(self, model_id: str) -> "Loaded | None":
        with self._lock:
            loaded = self._held.get(model_id)
            return None if loaded is None or loaded.in_use else self._held.pop(model_id)

    async def _brought(self, model_id: str) -> "Loaded":
        if model_id not in known_models(self._settings.models):
            raise NotFound(f"There is no model {model_id!r} here.", "Look at /v1/models for what there is.")
        async with self._turn:
            while (loaded := self._entered(model_id)) is None:
                await self._make_room(model_id)
                self.keep(await apart(_of_loading("load_base"), self._settings, model_id))
        return loaded

    async def _make_room(self, model_id: str) -> None:
        """Let go of the bases used longest ago until there is room; those that are answering are waited for."""
        if not require(self._settings.models, model_id).usable:
            raise NotAllowed(f"The model {model_id!r} was not tried out yet.", "Try it out on Home first.")
        until = time.monotonic() + _ROOM_LIMIT_S
        needs = await asyncio.to_thread(_of_loading("takes_bytes"), self._settings, model_id)
        while (lacks := self._lacks(needs)) > 0:
            resting = sorted(self._held, key=lambda held: self._held[held].used_at)
            if not resting:
                raise TooLarge(
                    f"There is no room in memory for the model {model_id!r}: {lacks / 1e9:.1f} GB are missing.",
                    "Close other programs, raise TRIPTYCH_MODEL_MEMORY_GB, or choose a smaller model.",
                )
            gone = next((one for held in resting if (one := self._taken_out(held)) is not None), None)
            if gone is not None:
                await asyncio.to_thread(_let_go, [gone])
                del gone
            elif time.monotonic() > until:
                raise ModelBusy(f"There is no room for the model {model_id!r} beside those that are answering.")
            else:
                await asyncio.sleep(_LOOK_EVERY_S)

    def _lacks(self, needs: int) -> int:
        """Return how many bytes are missing for a base that needs so many; none where it is not above 0."""
        budget, held = self._settings.model_memory_gb, sum(loaded.base.bytes for loaded in self._held.values())
        beyond = held + needs - int(budget * 1e9) if budget is not None else 0
        return max(beyond, needs - _of_loading("free_now")())


def _let_go(held: list[Any]) -> None:
    for loaded in held:
        loaded.close()
    held.clear()
    pkgutil.resolve_name("jobs.serving.device:release_memory")()


def _of_loading(name: str) -> Callable[..., Any]:
    # Looked up only when it is needed: importing it takes seconds, in which the server already says that it is loading.
    return pkgutil.resolve_name(f"jobs.serving.loading:{name}")
