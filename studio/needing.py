"""What a command needs of a studio for its own duration: the running parts of its home, or else parts of its own."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from jobs.models.choosing import base_model, is_settled, keep_base, lacking
from storage.announcing import note_of, read_note
from storage.errors import ModelUnavailable, OurFault
from storage.sample import sample_is_open
from storage.settings import Settings
from studio.health import LOADING, STOPPED, model_server_runs, model_state, orders_run, worker_runs
from studio.parts import MODEL, ORDERS, PROJECT, WORKER, Watched, environment, stop_all

_LOOK_EVERY_S = 0.2
_MODEL_WITHIN_S = 180
_ORDERS_WITHIN_S = 30
_DEATHS_BEFORE_GIVING_UP = 3


class Needed:
    """The parts that a command relies on; `ensure` starts again whatever has gone meanwhile."""

    def __init__(self, settings: Settings, say: Callable[[str], None], *, worker: bool, model: bool) -> None:
        self._settings = settings
        self._say = say
        self._asks_model = model
        own = model and settings.model_url is None
        self._parts = [
            *([Watched(WORKER, settings, lambda: worker_runs(settings))] if worker else []),
            *([Watched(MODEL, settings, lambda: model_server_runs(settings))] if own else []),
        ]
        # Whoever asks the model may come to call the sample's tools.
        asks_orders = model and sample_is_open(settings.home)
        self._orders = Watched(ORDERS, settings, lambda: orders_run(settings)) if asks_orders else None

    def ensure(self) -> None:
        """Start what is needed and does not run; raise OurFault where it dies again and again."""
        for watched in self._parts:
            if watched.look(time.monotonic()) == "started":
                self._say(f"Starting {watched.part.title}…")
            if watched.deaths >= _DEATHS_BEFORE_GIVING_UP:
                raise OurFault(
                    f"{watched.part.title.capitalize()} does not start: {watched.last_words()}", f"Read {watched.log}."
                )
        if self._orders is not None:
            self._orders.look(time.monotonic())

    def wait_for_model(self) -> None:
        """Return when the model server answers; raise ModelUnavailable where it does not in time."""
        until = time.monotonic() + _MODEL_WITHIN_S
        while self._asks_model and model_state(self._settings) in {STOPPED, LOADING}:
            self.ensure()
            if time.monotonic() > until:
                raise ModelUnavailable("The model server does not answer.", "Run `triptych doctor`.")
            time.sleep(_LOOK_EVERY_S)

    def wait_for_orders(self) -> None:
        """Return when the sample's order service listens; say so where it doesn't, for most questions need none."""
        until = time.monotonic() + _ORDERS_WITHIN_S
        orders, note = self._orders, note_of(self._settings.home, "orders")
        while orders is not None and not (orders_run(self._settings) and read_note(note)):
            self.ensure()
            if orders.deaths >= _DEATHS_BEFORE_GIVING_UP or time.monotonic() > until:
                self._say(f"The order service of the sample does not start: {orders.last_words()}")
                return
            time.sleep(_LOOK_EVERY_S)

    def stop(self) -> None:
        """End the parts that were started here."""
        stop_all([*self._parts, self._orders] if self._orders else self._parts)


@contextmanager
def needing(
    settings: Settings, say: Callable[[str], None], *, worker: bool = False, model: bool = False, fetch: bool = True
) -> Iterator[Needed]:
    """Give a command what it needs and stop afterwards what was started for it.

    `say` gets what happens meanwhile. Models that lack are fetched first, unless `fetch` is False.
    """
    if fetch:
        settled_base(settings)
        if models_lack(settings):
            fetch_models(settings)
    needed = Needed(settings, say, worker=worker, model=model)
    try:
        needed.ensure()
        needed.wait_for_model()
        needed.wait_for_orders()
        yield needed
    finally:
        needed.stop()


def models_lack(settings: Settings) -> bool:
    """Whether models that are needed here are not on this computer yet."""
    if settings.model_url is not None:
        return False
    return bool(lacking(settings))


def settled_base(settings: Settings) -> str:
    """Return the base model of this home, settled now where it was not: that needs the models that lack."""
    if settings.model_url is not None:  # the server that stands elsewhere settles it
        return base_model(settings)
    if not is_settled(settings) and models_lack(settings):
        fetch_models(settings)
    return keep_base(settings).model


def fetch_models(settings: Settings) -> None:
    """Fetch the models that lack, with progress on the error stream; raise OurFault where that fails."""
    command = [sys.executable, "-m", "jobs.models.fetch"]
    done = subprocess.run(command, cwd=PROJECT, env=environment(settings), stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise OurFault("The models could not be fetched.", "Look at the lines above, then run the command again.")
