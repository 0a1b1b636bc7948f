"""The database and its two doors: `reading()`, which blocks nobody, and `writing()`, which takes the lock first."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DatabaseError, IntegrityError

from storage.errors import Damaged, NoSpace, OurFault, TriptychError
from storage.failpoints import reach
from storage.mounts import refuse_network_file_system
from storage.seeking import FOLDED

try:
    import pysqlite3.dbapi2 as _bundled  # pyright: ignore[reportMissingTypeStubs]
except ImportError:  # only Linux has a wheel of it
    _bundled = None

# Releases from 3.7.0 to 3.51.2 can corrupt a database in WAL mode when two connections checkpoint at once.
_WAL_IS_SAFE_FROM = (3, 51, 3)
# What a driver says, and how a person is told. The first sign that occurs decides.
_IN_WORDS: tuple[tuple[str, type[TriptychError], str, str], ...] = (
    ("is full", NoSpace, "The disk is full, so nothing more can be kept.", NoSpace.next_step),
    ("no space left", NoSpace, "The disk is full, so nothing more can be kept.", NoSpace.next_step),
    ("malformed", Damaged, "The database file is damaged.", "Restore your latest backup with `triptych restore`."),
    ("not a database", Damaged, "The database file is damaged.", "Restore your latest backup with `triptych restore`."),
    ("is locked", OurFault, "The database is busy.", "Try again in a moment."),
    ("unable to open", OurFault, "The database file can't be opened.", "Check that your folder of Triptych is there."),
    ("i/o error", OurFault, "The disk does not read or write the database.", "Check the disk, then restart Triptych."),
    ("database system is", OurFault, "The database server is starting or stopping.", "Try again in a moment."),
    ("connection", OurFault, "The database does not answer.", "Check that the database server runs and try again."),
)
_BUSY_TIMEOUT_MS = 30_000
_JOURNAL_LIMIT_BYTES = 64 * 1024 * 1024


def sqlite_module() -> ModuleType:
    """Return the one SQLite driver that this process uses: the bundled newer one where it is installed."""
    return _bundled if _bundled is not None else sqlite3


class Database:
    """The workspace's database, SQLite by default and PostgreSQL by URL.

    Every block of `writing()` is one transaction: committed at its end, or nothing of it is kept.
    """

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            refuse_network_file_system(Path(str(self.url.database)).parent)
            self._writer = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", query_only=False)
            self._reader = _sqlite_engine(self.url, begin="BEGIN", query_only=True)
        else:
            self._writer = self._reader = create_engine(_with_psycopg(self.url), pool_pre_ping=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state and, on SQLite, refuses to write."""
        with _in_words(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, name: str = "") -> Iterator[Connection]:
        """Give a connection that holds the write lock from its first statement (SQLite); keep the block short.

        `name` is how fail-points call the transaction.
        """
        with _in_words():
            with self._writer.begin() as connection:
                yield connection
                reach(f"{name}.commit")
            reach(f"{name}.committed")

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations."""
        return self._writer

    def compact(self) -> None:
        """Write the file anew without what was deleted, so that nothing of it can be read from the disk any more.

        PostgreSQL does so by itself in its own time.
        """
        if not self.is_sqlite:
            return
        connection = self._writer.raw_connection()
        try:
            # Twice: the first writes what is left into the log, the second empties the log.
            for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.cursor().execute(statement)
        finally:
            connection.close()

    def close(self) -> None:
        """Close every pooled connection of this process."""
        self._writer.dispose()
        self._reader.dispose()


@contextmanager
def _in_words() -> Iterator[None]:
    """Say what a person can mend in words; a fault of a statement stays what it is."""
    try:
        yield
    except DatabaseError as error:
        said = str(error.orig).lower()
        for sign, fault, sentence, next_step in _IN_WORDS:
            if sign in said and not isinstance(error, IntegrityError):
                raise fault(sentence, next_step) from error
        raise


def _with_psycopg(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg") if url.drivername in {"postgresql", "postgres"} else url


def _sqlite_engine(url: URL, *, begin: str, query_only: bool) -> Engine:
    module = sqlite_module()
    engine = create_engine(url, module=module, connect_args={"check_same_thread": False})
    journal = "WAL" if module.sqlite_version_info >= _WAL_IS_SAFE_FROM else "DELETE"

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # The driver must not begin transactions by itself: the begin event below decides how they start.
        connection.isolation_level = None
        connection.create_function(FOLDED, 1, str.casefold, deterministic=True)
        for pragma in (
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "mmap_size=0",
            "trusted_schema=OFF",
            f"journal_size_limit={_JOURNAL_LIMIT_BYTES}",
            f"query_only={'ON' if query_only else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
