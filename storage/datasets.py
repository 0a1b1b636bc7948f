"""Versions of examples, kept and found again."""

from collections.abc import Callable

from storage.database import Database


class Datasets:
    """Versions of examples, kept and found again."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
