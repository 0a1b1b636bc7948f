"""Published adapters, one row each."""

from sqlalchemy import Row, desc, select

from storage.database import Database
from storage.errors import NotFound
from storage.records import Adapter
from storage.tables import adapters


class Adapters:
    """Reads the adapters that jobs published; `jobs/queue.py` writes the row together with the job's success."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> list[Adapter]:
        """Return all adapters, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(adapters).order_by(desc(adapters.c.created_at))).all()
        return [_record(row) for row in rows]

    def get(self, adapter_id: str) -> Adapter:
        """Return one adapter; raise NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(select(adapters).where(adapters.c.id == adapter_id)).one_or_none()
        if row is None:
            raise NotFound(f"There is no adapter {adapter_id!r}.", "Choose one of the adapters on the Train page.")
        return _record(row)

    def newest(self) -> Adapter | None:
        """Return the adapter that was published last, or None where there is none yet."""
        with self._database.reading() as connection:
            row = connection.execute(select(adapters).order_by(desc(adapters.c.created_at)).limit(1)).one_or_none()
        return None if row is None else _record(row)


def _record(row: Row[tuple[object, ...]]) -> Adapter:
    values = dict(row._mapping)
    values.pop("user_id")
    return Adapter(**values)
