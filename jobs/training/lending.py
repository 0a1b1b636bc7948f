"""Memory that the model server lends to a training where there is not enough for both."""

import logging
import pkgutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from jobs.context import JobContext
from storage.errors import TriptychError
from storage.locks import JOB_LOCK
from storage.settings import Settings

log = logging.getLogger(__name__)

# A record of this kind says that the server made room.
LENT = "lent"
_RENEW_S = 10.0


class Lender(Protocol):
    """What of the door to the model server a training needs."""

    def lease(self, device: str, size: int, lock: str) -> bool:
        """Ask for `size` bytes of a device; True while the server has given its own away."""
        ...


@contextmanager
def lending(
    context: JobContext, connect: Callable[[Settings], Lender] | None = None
) -> Iterator[Callable[[int], bool]]:
    """Give a function that asks the server for memory and tells whether it made room; it gets it back at the end.

    A server that is not there, or that knows no lending, lends nothing; neither is a fault of the training.
    """
    loan = _Loan(context, connect or _connect)
    try:
        yield loan.ask
    finally:
        loan.end()


def _connect(settings: Settings) -> Lender:
    """Open the door only where memory is short: its library takes a second to load."""
    return pkgutil.resolve_name("jobs.models.client:connect")(settings)


class _Loan:
    """One loan, renewed in the background until it ends."""

    def __init__(self, context: JobContext, connect: Callable[[Settings], Lender]) -> None:
        self._context = context
        self._connect = connect
        self._lender: Lender | None = None
        self._over = threading.Event()

    def ask(self, size: int) -> bool:
        if self._lender is None:
            self._lender = self._connect(self._context.workspace.settings)
        if not self._asked(size):
            return False
        log.info("The model server made room for %.1f GB.", size / 1e9)
        self._context.record(LENT, 0, {"bytes": size})
        threading.Thread(target=self._renew, args=(size,), daemon=True).start()
        return True

    def end(self) -> None:
        if not self._over.is_set() and self._lender is not None:
            self._over.set()
            self._asked(0)

    def _renew(self, size: int) -> None:
        while not self._over.wait(_RENEW_S):
            self._asked(size)

    def _asked(self, size: int) -> bool:
        assert self._lender is not None
        try:
            return self._lender.lease(self._context.device, size, JOB_LOCK + self._context.job.id)
        except TriptychError as error:
            log.info("The model server lends nothing: %s", error)
            return False
