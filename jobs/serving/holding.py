"""Whether the server can answer: it loads in the background, lends its memory to a training, and takes it back."""

import asyncio
import logging
import pkgutil
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal

import psutil

from jobs.models.choosing import base_model, usable_bases
from jobs.models.door import ADAPTER
from jobs.models.own import known_models
from jobs.serving.bases import Bases
from jobs.serving.finding import adapter_ids, base_of
from storage.errors import Damaged, Missing, ModelBusy, ModelUnavailable, OurFault, TriptychError
from storage.locks import Locks
from storage.settings import Settings

if TYPE_CHECKING:
    from jobs.serving.embedder import Embedder
    from jobs.serving.loading import Loaded

Phase = Literal["loading", "ready", "missing", "lent", "failed"]

_LEASE_S = 30.0
_LOADING_LIMIT_S = 300.0

_logger = logging.getLogger(__name__)


class Holder:
    """Gives what answers, or says in one word why it does not.

    `ready` is also said while nothing was asked for so long that the models have left memory: a question brings them.
    """

    def __init__(self, settings: Settings, locks: Locks) -> None:
        self._settings, self._locks = settings, locks
        self._adapters = settings.home.expanduser() / "adapters"
        self._bases = Bases(settings)
        self._why: TriptychError | None = None
        self._lease: tuple[float, str] | None = None
        self._tried, self._home_bytes = "", 0
        self.phase: Phase = "loading"

    @property
    def _loaded(self) -> "Loaded | None":
        return self._bases.held(self._tried)

    def start(self) -> None:
        """Begin to load in the background."""
        self.phase = "loading"
        threading.Thread(target=self._load, name="loading", daemon=True).start()

    @asynccontextmanager
    async def using(self, model: str) -> AsyncIterator["Loaded"]:
        """Give the base that answers for `model`, a base's id or `adapter:<id>`, while a request goes into it.

        Raises what `loaded` and `Bases.using` raise.
        """
        await self._open()
        base = base_of(model, self._adapters)
        known = base == self._tried or base == model or base in known_models(self._settings.models)
        # An adapter of a base that nobody knows is refused by the one that is here, which says what is wrong.
        async with self._bases.using(base if known else self._tried) as loaded:
            yield loaded

    async def loaded(self) -> "Loaded":
        """Return this home's base, after waiting until it is loaded; raise Missing, ModelBusy or ModelUnavailable."""
        await self._open()
        async with self._bases.using(self._tried) as loaded:
            return loaded

    async def names(self) -> list[str]:
        """Return what may be asked here: this home's base, the others, the adapters. Nothing comes into memory for it.

        Raises Missing or ModelUnavailable where this home's base can't be loaded.
        """
        if self.phase != "lent":  # what has made room for a training is still what may be asked
            await self._open()
        others = [model_id for model_id in usable_bases(self._settings) if model_id != self._tried]
        return [self._tried, *others, *(f"{ADAPTER}{adapter_id}" for adapter_id in adapter_ids(self._adapters))]

    async def embedder(self) -> "Embedder":
        """Return what turns texts into vectors; raise what `loaded` raises."""
        await self._open()
        return await self._bases.embedder()

    async def _open(self) -> None:
        if self.phase == "missing":  # it may have been fetched meanwhile
            self.start()
        until = time.monotonic() + _LOADING_LIMIT_S
        while self.phase == "loading" and time.monotonic() < until:
            await asyncio.sleep(0.02)
        if self.phase == "lent":
            raise ModelBusy("The model has made room for a training.")
        if self.phase != "ready":
            raise self._why or ModelUnavailable("The model is still being loaded.")

    async def lend(self, size: int, lock: str) -> bool:
        """Let go of the models where a training needs `size` bytes that are not free; True while they are lent.

        `size` 0 gives the memory back. The lease also ends 30 s after the last call, and when nobody holds `lock`.
        """
        if size == 0:
            self._take_back()
        elif self.phase == "lent":
            self._lease = (time.monotonic() + _LEASE_S, lock)
        elif self.phase == "ready" and self._free_bytes() < size:
            self.phase, self._lease = "lent", (time.monotonic() + _LEASE_S, lock)
            await asyncio.to_thread(self.close)
        return self.phase == "lent"

    def look_after(self) -> None:
        """Take the memory back when its lease has ended, and load another base model where one was chosen.

        What nobody asks for leaves memory. Raises OurFault where an engine has died.
        """
        if self.phase == "lent" and self._lease is not None:
            until, lock = self._lease
            if time.monotonic() > until or not self._locks.held(lock):
                self._take_back()
            else:
                self._bases.rest(0)  # what was just being loaded while the memory was given away
        if self._bases.dead():
            self.phase = "failed"
            raise OurFault("The engine has stopped.")
        if self.phase in {"ready", "failed", "missing"} and self._tried != self._wanted():
            _logger.info("another base model was chosen: %s", self._wanted())
            self.phase = "loading"
            threading.Thread(target=self._change, name="changing", daemon=True).start()
        elif self.phase == "ready" and self._settings.idle_minutes:
            self._bases.rest(self._settings.idle_minutes * 60)

    def memory_bytes(self) -> int:
        """Return how much memory the server holds now: of the computer, and of a graphics card where it uses one."""
        return psutil.Process().memory_info().rss + self._bases.card_bytes()

    def close(self) -> None:
        """Let go of the models."""
        self._bases.close()

    def _free_bytes(self) -> int:
        """Return what is free; what a question would bring back is not."""
        resting = self._home_bytes if self._loaded is None else 0
        return pkgutil.resolve_name("jobs.serving.loading:free_now")() - resting

    def _wanted(self) -> str:
        try:
            return base_model(self._settings)
        except Damaged:  # said when it is loaded; what answers now goes on
            return self._tried

    def _change(self) -> None:
        self._bases.drop(self._tried)  # after what is being written
        self._load()

    def _take_back(self) -> None:
        self._lease = None
        if self.phase == "lent":
            self.start()

    def _load(self) -> None:
        began = time.monotonic()
        self._tried = self._wanted()
        try:
            # Looked up only now: importing it takes seconds, in which the server already says that it is loading.
            loading = pkgutil.resolve_name("jobs.serving.loading")
            loaded = self._loaded or loading.load(self._settings)
            self._bases.keep(loaded, loading.load_embedder(self._settings))
            self._tried, self._home_bytes = loaded.base.id, loaded.base.bytes
            self.phase = "ready"
            _logger.info("ready after %.1f s", time.monotonic() - began)
            loaded.warm_up()
        except Missing as error:
            self._why, self.phase = error, "missing"
        except (TriptychError, OSError, RuntimeError, ValueError, KeyError) as error:
            _logger.exception("the model could not be loaded")
            self._why = error if isinstance(error, TriptychError) else ModelUnavailable("The model can't be loaded.")
            self.phase = "failed"
