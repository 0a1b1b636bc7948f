"""Published adapters, one row each; one that was deleted can be brought back until its files are removed."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row, Select, desc, select, update

from storage.database import Database
from storage.errors import Deleted, NotFound
from storage.records import Adapter
from storage.tables import adapters

RESTORABLE_S = 30 * 24 * 3600.0


class Adapters:
    """Reads the adapters that jobs published; `jobs/queue.py` writes the row together with the job's success.

    The row of an adapter stays also when its files are gone: comparisons and scores name it by its id.
    """

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def list(self) -> list[Adapter]:
        """Return all adapters but the deleted ones, the newest first."""
        kept = select(adapters).where(adapters.c.deleted_at.is_(None))
        return [*self._found(kept.order_by(desc(adapters.c.created_at)))]

    def get(self, adapter_id: str) -> Adapter:
        """Return one adapter; raise Deleted where it was deleted, NotFound where there never was one."""
        found = self._found(select(adapters).where(adapters.c.id == adapter_id))
        if not found:
            raise NotFound(f"There is no adapter {adapter_id!r}.", "Choose one of the adapters on the Train page.")
        (adapter,) = found
        if adapter.deleted_at is not None:
            raise Deleted(f"The adapter “{adapter.name or adapter.id[:8]}” was deleted.", _next_step(adapter))
        return adapter

    def newest(self) -> Adapter | None:
        """Return the adapter that was published last, or None where there is none yet."""
        return next(iter(self.list()), None)

    def names(self, adapter_ids: Sequence[str]) -> dict[str, str]:
        """Return how these adapters are called, by id; also those that were deleted."""
        found = self._found(select(adapters).where(adapters.c.id.in_(adapter_ids)))
        return {adapter.id: adapter.name for adapter in found}

    def deleted(self) -> Sequence[Adapter]:
        """Return the deleted adapters that can still be brought back, the one deleted last first."""
        there = (adapters.c.deleted_at.is_not(None), adapters.c.path != "")
        return self._found(select(adapters).where(*there).order_by(desc(adapters.c.deleted_at)))

    def delete(self, adapter_id: str) -> Adapter:
        """Take the adapter off the list and return it; its files stay for RESTORABLE_S. Raises as `get` does."""
        adapter = self.get(adapter_id)
        self._mark(adapter_id, self._clock())
        return adapter

    def restore(self, adapter_id: str) -> Adapter:
        """Bring a deleted adapter back and return it; raise Deleted where its files are gone for good."""
        self._mark(adapter_id, None)
        return self.get(adapter_id)

    def purge(self, before: float) -> Sequence[Adapter]:
        """Give up the files of the adapters deleted before then, and return these as they were.

        The caller removes their folders, which no row names any more.
        """
        over = (adapters.c.deleted_at < before, adapters.c.path != "")
        with self._database.writing() as connection:
            gone = [_record(row) for row in connection.execute(select(adapters).where(*over).with_for_update())]
            ids = [adapter.id for adapter in gone]
            connection.execute(update(adapters).where(adapters.c.id.in_(ids)).values(path=""))
        return gone

    def _mark(self, adapter_id: str, at: float | None) -> None:
        there = (adapters.c.id == adapter_id, adapters.c.path != "")
        with self._database.writing() as connection:
            connection.execute(update(adapters).where(*there).values(deleted_at=at))

    def _found(self, chosen: Select[Any]) -> Sequence[Adapter]:
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(chosen).all()]


def _next_step(adapter: Adapter) -> str:
    if adapter.path:
        return "Restore it on the Train page, or choose another one."
    return "Choose another one on the Train page."


def _record(row: Row[tuple[object, ...]]) -> Adapter:
    values = dict(row._mapping)
    values.pop("user_id")
    return Adapter(**values)
