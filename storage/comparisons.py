"""Questions, the events of their answers, and votes."""

from collections.abc import Callable

from storage.database import Database


class Comparisons:
    """Questions, the events of their answers, and votes."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
