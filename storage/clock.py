"""The clock that a workspace's times are told by."""

import logging
import time
from collections.abc import Callable

from sqlalchemy import text

from storage.database import Database
from storage.errors import TriptychError

log = logging.getLogger(__name__)

Clock = Callable[[], float]
_ASK_EVERY_S = 30.0


def clock_of(database: Database) -> Clock:
    """Return this computer's clock for SQLite; for PostgreSQL the server's, which several hosts share."""
    return time.time if database.is_sqlite else ServerClock(database)


class ServerClock:
    """Seconds since the epoch by the database server; asked now and then, this computer's steady clock goes on between.

    A lease that one host wrote and another judges so means the same to both, however their own clocks are set.
    """

    def __init__(self, database: Database, steady: Clock = time.monotonic) -> None:
        self._database = database
        self._steady = steady
        self._asked_at = float("-inf")
        self._ahead = 0.0

    def __call__(self) -> float:
        """Return the time now; raise OurFault only where the server never answered yet."""
        if self._steady() - self._asked_at >= _ASK_EVERY_S:
            self._ask()
        return self._steady() + self._ahead

    def _ask(self) -> None:
        try:
            with self._database.reading() as connection:
                told = float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())
        except TriptychError:
            if self._asked_at == float("-inf"):
                raise
            log.warning("The database server was not asked for its time; the last answer still counts.")
            return
        self._asked_at = self._steady()
        self._ahead = told - self._asked_at
