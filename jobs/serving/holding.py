"""What the server holds in memory: loads it in the background, lends its memory to a training, takes it back."""

import asyncio
import logging
import pkgutil
import threading
import time
from typing import TYPE_CHECKING, Literal

import psutil

from jobs.models.choosing import base_model
from storage.errors import Damaged, Missing, ModelBusy, ModelUnavailable, OurFault, TriptychError
from storage.locks import Locks
from storage.settings import Settings

if TYPE_CHECKING:
    from jobs.serving.loading import Loaded

Phase = Literal["loading", "ready", "missing", "lent", "failed"]

_LEASE_S = 30.0
_LOADING_LIMIT_S = 300.0

_logger = logging.getLogger(__name__)


class Holder:
    """Holds the loaded model, or says in one word why it does not."""

    def __init__(self, settings: Settings, locks: Locks) -> None:
        self._settings, self._locks = settings, locks
        self._loaded: Loaded | None = None
        self._why: TriptychError | None = None
        self._lease: tuple[float, str] | None = None
        self._tried = ""
        self.phase: Phase = "loading"

    def start(self) -> None:
        """Begin to load in the background."""
        self.phase = "loading"
        threading.Thread(target=self._load, name="loading", daemon=True).start()

    async def loaded(self) -> "Loaded":
        """Return what answers, after waiting until it is loaded; raise Missing, ModelBusy or ModelUnavailable."""
        if self.phase == "missing":  # it may have been fetched meanwhile
            self.start()
        until = time.monotonic() + _LOADING_LIMIT_S
        while self.phase == "loading" and time.monotonic() < until:
            await asyncio.sleep(0.02)
        if self.phase == "lent":
            raise ModelBusy("The model has made room for a training.")
        if self.phase != "ready" or self._loaded is None:
            raise self._why or ModelUnavailable("The model is still being loaded.")
        return self._loaded

    async def lend(self, size: int, lock: str) -> bool:
        """Let go of the model where a training needs `size` bytes that are not free; True while it is lent.

        `size` 0 gives the memory back. The lease also ends 30 s after the last call, and when nobody holds `lock`.
        """
        if size == 0:
            self._take_back()
        elif self.phase == "lent":
            self._lease = (time.monotonic() + _LEASE_S, lock)
        elif self.phase == "ready" and self._loaded is not None and self._loaded.free_bytes() < size:
            self.phase, self._lease = "lent", (time.monotonic() + _LEASE_S, lock)
            await asyncio.to_thread(self.close)
            pkgutil.resolve_name("jobs.serving.device:release_memory")()
        return self.phase == "lent"

    def look_after(self) -> None:
        """Take the memory back when its lease has ended, and load another base model where one was chosen.

        Raises OurFault where the engine has died.
        """
        if self.phase == "lent" and self._lease is not None:
            until, lock = self._lease
            if time.monotonic() > until or not self._locks.held(lock):
                self._take_back()
        if self._loaded is not None and not self._loaded.engine.alive:
            self.phase = "failed"
            raise OurFault("The engine has stopped.")
        if self.phase in {"ready", "failed", "missing"} and self._tried != self._wanted():
            _logger.info("another base model was chosen: %s", self._wanted())
            self.phase = "loading"
            threading.Thread(target=self._change, name="changing", daemon=True).start()

    def memory_bytes(self) -> int:
        """Return how much memory the server holds now: of the computer, and of a graphics card where it uses one."""
        resident = psutil.Process().memory_info().rss
        return resident + (self._loaded.card_bytes() if self._loaded is not None else 0)

    def close(self) -> None:
        """Let go of the model."""
        held, self._loaded = self._loaded, None
        if held is not None:
            held.close()

    def _wanted(self) -> str:
        try:
            return base_model(self._settings)
        except Damaged:  # said when it is loaded; what answers now goes on
            return self._tried

    def _change(self) -> None:
        self.close()  # after what is being written
        pkgutil.resolve_name("jobs.serving.device:release_memory")()
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
            loaded = self._loaded = pkgutil.resolve_name("jobs.serving.loading:load")(self._settings)
            self.phase = "ready"
            _logger.info("ready after %.1f s", time.monotonic() - began)
            loaded.warm_up()
        except Missing as error:
            self._why, self.phase = error, "missing"
        except (TriptychError, OSError, RuntimeError, ValueError, KeyError) as error:
            _logger.exception("the model could not be loaded")
            self._why = error if isinstance(error, TriptychError) else ModelUnavailable("The model can't be loaded.")
            self.phase = "failed"
