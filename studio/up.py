"""`triptych up`: starts the pages, the worker and the model server, says where the studio is, restarts what dies."""

import errno
import json
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from storage.errors import NoSpace, OurFault, UserFault
from storage.files import write_atomically
from storage.locks import Locks
from storage.sample import sample_is_open
from storage.settings import Settings
from studio.health import READY, model_server_runs, model_state, orders_run, page_answers, worker_runs
from studio.parts import MODEL, ORDERS, WEB, WORKER, Watched, stop_all
from studio.security import allowed_hosts, refuse_unsafe

_LOOK_EVERY_S = 0.25
_LEAST_FREE_BYTES = 500_000_000
_DEATHS_BEFORE_GIVING_UP = 3

Say = Callable[[str], None]


def up(settings: Settings, say: Say, tell_url: Say) -> None:
    """Run the studio until a signal; `say` gets what happens, `tell_url` the address once, when the page answers.

    Raises a UserFault where the settings are unsafe, the port is taken or the home is in use, NoSpace on a full disk,
    and OurFault where the pages do not start.
    """
    refuse_unsafe(settings, os.environ)
    home = settings.home.expanduser()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    check_disk(home, shutil.disk_usage(home).free)
    with _alone(settings):
        check_port(settings)
        if not settings.loopback:
            say("Plain http: whoever shares this network can read along. Put a proxy with https in front.")
        say("Starting the pages, the worker and the model server…")
        _Studio(settings, say, tell_url).run()


class _Studio:
    """The loop that watches the parts until a signal comes."""

    def __init__(self, settings: Settings, say: Say, tell_url: Say) -> None:
        self._settings = settings
        self._say = say
        self._tell_url = tell_url
        self._ended = threading.Event()
        self._web = Watched(WEB, settings, lambda: False)
        self._worker = Watched(WORKER, settings, lambda: worker_runs(settings))
        self._model = Watched(MODEL, settings, lambda: model_server_runs(settings))
        self._orders = Watched(ORDERS, settings, lambda: orders_run(settings))
        self._page_answered = self._model_ready = False

    def run(self) -> None:
        """Start, watch, restart; at the end stop everything."""
        with _signals(self._ended):
            try:
                while not self._ended.is_set():
                    self._look()
                    self._announce()
                    self._ended.wait(_LOOK_EVERY_S)
                self._say("Stopping…")
            finally:
                stop_all((*self._parts(), self._orders))

    def _parts(self) -> Sequence[Watched]:
        return (self._web, self._worker) if self._settings.model_url else (self._web, self._worker, self._model)

    def _look(self) -> None:
        sample = sample_is_open(self._settings.home)
        if not sample:
            stop_all([self._orders])
        for watched in (*self._parts(), self._orders) if sample else self._parts():
            if watched.look(time.monotonic()) == "died":
                self._say(f"{watched.part.title.capitalize()} ended and will be started again (see {watched.log}).")
        if not self._page_answered and self._web.deaths >= _DEATHS_BEFORE_GIVING_UP:
            raise OurFault(f"The pages do not start: {self._web.last_words()}", f"Read {self._web.log}.")

    def _announce(self) -> None:
        if not self._page_answered and page_answers(self._settings):
            self._page_answered = True
            self._tell_url(address(self._settings))
        if not self._model_ready and model_state(self._settings) == READY:
            self._model_ready = True
            self._say("The model is ready.")


def address(settings: Settings) -> str:
    """Return the address that people open."""
    name = settings.host if settings.loopback else min(allowed_hosts(settings))
    return f"http://{f'[{name}]' if ':' in name else name}:{settings.port}"


def check_disk(home: Path, free: int) -> None:
    """Raise NoSpace where `free` bytes are too few to work safely."""
    if free < _LEAST_FREE_BYTES:
        raise NoSpace(
            f"The disk of {home} has only {free // 1_000_000} MB left; Triptych needs 500 MB to work safely.",
            "Free some space, or set TRIPTYCH_HOME to a folder on a larger disk.",
        )


def check_port(settings: Settings) -> None:
    """Raise a UserFault where the web process could not bind its address."""
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((settings.host, settings.port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UserFault(
                f"Port {settings.port} is taken by another program.",
                f"Choose another port: PORT={settings.port + 1} make run",
            ) from error
        raise UserFault(
            f"The address {settings.host}:{settings.port} can't be used: {error.strerror}.",
            "Choose another one with TRIPTYCH_HOST and PORT.",
        ) from error


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    home = settings.home.expanduser()
    (home / "locks").mkdir(exist_ok=True, mode=0o700)
    note = home / "run" / "up.json"
    lock = Locks(home / "locks").take("up")
    if lock is None:
        where = json.loads(note.read_bytes())["url"] if note.is_file() else "it is just starting"
        raise UserFault(
            f"Triptych already runs with this home: {where}",
            "Open that address, stop the other one, or set another TRIPTYCH_HOME.",
        )
    try:
        write_atomically(note, json.dumps({"url": address(settings), "pid": os.getpid()}).encode())
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


@contextmanager
def _signals(ended: threading.Event) -> Iterator[None]:
    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
