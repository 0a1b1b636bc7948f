"""The file by which a training sees that somebody waits for an answer: fresh while one is in flight, else absent."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_EVERY_S = 0.5


class Presence:
    """Counts the answers in flight and keeps the file accordingly."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Mark one answer as in flight."""
        self._count += 1
        self._path.touch()
        try:
            yield
        finally:
            self._count -= 1
            if self._count == 0:
                self._path.unlink(missing_ok=True)

    async def keep_fresh(self) -> None:
        """Touch the file while answers are in flight; runs until it is cancelled."""
        while True:
            if self._count:
                self._path.touch()
            await asyncio.sleep(_EVERY_S)
