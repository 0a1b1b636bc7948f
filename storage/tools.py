"""Tools with their permissions, and the rows of look-up tables."""

from collections.abc import Callable

from storage.database import Database


class Tools:
    """Tools with their permissions, and the rows of look-up tables."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
