"""What running jobs reported: loss, samples, progress records."""

from collections.abc import Callable

from storage.database import Database


class Runs:
    """What running jobs reported: loss, samples, progress records."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
