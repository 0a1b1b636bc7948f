"""Documents, their passages and the search index over them."""

from collections.abc import Callable

from storage.database import Database


class Collections:
    """Documents, their passages and the search index over them."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
