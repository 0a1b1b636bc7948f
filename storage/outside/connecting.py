"""Connections to databases of others that can read and nothing else, within a limit of time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from storage.database import sqlite_module
from storage.errors import UserFault

LIMIT_S = 2.0
_CONNECT_S = 3
_STEPS_BETWEEN_LOOKS = 1_000
_HEAD = b"SQLite format 3\x00"
_FUNCTIONS = frozenset({"count", "sum", "avg", "min", "max", "lower", "like", "strftime"})
_DRIVERS = ("postgresql", "postgres", "postgresql+psycopg")

Readable = set[tuple[str, str]]


class OutsideFault(UserFault):
    """Another database can't be asked; the sentence says why and never holds an address or a password."""

    next_step = "Check the database, then try again."


@dataclass(frozen=True)
class Outside:
    """A database of others. `readable`: the only columns that may be touched, None while its shape is read."""

    engine: Engine
    limit_s: float = LIMIT_S

    @contextmanager
    def reading(self, readable: Readable | None) -> Iterator[Connection]:
        """Give a connection that reads only `readable` and ends after the limit; raise OutsideFault."""
        with _in_words(self.limit_s), self.engine.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                _guard(connection.connection.driver_connection, readable, self.limit_s)
            else:
                connection.execute(text("SET TRANSACTION READ ONLY"))
                connection.execute(text(f"SET LOCAL statement_timeout = {int(self.limit_s * 1000)}"))
            yield connection


class TooSlow(OutsideFault):
    """The limit of time was over first."""

    next_step = "Ask for less, or narrow it down."


def sqlite_file(path: Path, *, fixed: bool, limit_s: float = LIMIT_S) -> Outside:
    """Return a SQLite file, opened for reading only; `fixed`: a copy that nothing ever writes to.

    Raises OutsideFault where the file is not there or is none.
    """
    if not path.is_file():
        raise OutsideFault("The file of this database is not there any more.", "Add the database again.")
    with path.open("rb") as file:
        if file.read(len(_HEAD)) != _HEAD:
            raise OutsideFault(f"{path.name} is not a SQLite database.", "Choose a file that a SQLite program wrote.")
    address = f"file:{quote(str(path))}?mode=ro{'&immutable=1' if fixed else ''}"

    def connect() -> Any:
        made = sqlite_module().connect(address, uri=True, check_same_thread=False, timeout=1)
        made.execute("PRAGMA query_only=ON")
        made.execute("PRAGMA trusted_schema=OFF")
        return made

    return Outside(create_engine("sqlite://", module=sqlite_module(), creator=connect, poolclass=NullPool), limit_s)


def postgres(address: str, limit_s: float = LIMIT_S) -> Outside:
    """Return a PostgreSQL database by its address; raise OutsideFault for an address that is none."""
    options = {
        "connect_timeout": _CONNECT_S,
        # What the address says of options does not count: these do.
        "options": f"-c default_transaction_read_only=on -c statement_timeout={int(limit_s * 1000)}",
    }
    return Outside(create_engine(_parsed(address), connect_args=options, poolclass=NullPool), limit_s)


def where_of(address: str) -> str:
    """Return the part of an address that may be shown: host and database, never who asks or with which password."""
    url = _parsed(address)
    return f"{url.database or 'postgres'} at {url.host or 'this computer'}"


def host_of(address: str) -> str:
    """Return the host of an address, empty for this computer; raise OutsideFault for an address that is none."""
    return _parsed(address).host or ""


def _parsed(address: str) -> URL:
    wrong = OutsideFault(
        "This is not the address of a PostgreSQL database.", "Write it as postgresql://user:password@host/database."
    )
    try:
        url = make_url(address.strip())
    except (ArgumentError, ValueError):
        raise wrong from None  # the error below names the address with its password
    if url.drivername not in _DRIVERS or set(url.query) - {"sslmode"}:
        raise wrong
    return url.set(drivername="postgresql+psycopg")


def _guard(raw: Any, readable: Readable | None, limit_s: float) -> None:
    until = time.monotonic() + limit_s
    raw.set_progress_handler(lambda: time.monotonic() > until, _STEPS_BETWEEN_LOOKS)
    if readable is not None:
        raw.set_authorizer(_authorizer(readable))


def _authorizer(readable: Readable) -> Callable[..., int]:
    module = sqlite_module()
    tables = {table for table, _ in readable}

    def allowed(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action == module.SQLITE_SELECT:
            return module.SQLITE_OK
        if action == module.SQLITE_READ and ((first, second) in readable or (not second and first in tables)):
            return module.SQLITE_OK
        # Its module of Python does not name the action of calling a function.
        if action == _CALLS_FUNCTION and (second or "").lower() in _FUNCTIONS:
            return module.SQLITE_OK
        return module.SQLITE_DENY

    return allowed


_CALLS_FUNCTION = 31


@contextmanager
def _in_words(limit_s: float) -> Iterator[None]:
    """Say what went wrong in words of ours: a driver's may name the address, and a statement is nobody's business."""
    try:
        yield
    except DBAPIError as error:
        raise _fault(str(error.orig).lower(), limit_s) from None
    except SQLAlchemyError:
        raise OutsideFault("The database gave nothing that can be read.") from None


def _fault(said: str, limit_s: float) -> OutsideFault:
    if "interrupted" in said or "statement timeout" in said:
        return TooSlow(f"The database took longer than {limit_s:g} s.")
    if any(sign in said for sign in ("prohibited", "not authorized", "permission denied")):
        return OutsideFault("That part of the database may not be read.", "Tick it on the Tools page first.")
    if any(sign in said for sign in ("no such table", "no such column", "does not exist")):
        return OutsideFault("The database has changed since it was added.", "Add it again on the Tools page.")
    if any(sign in said for sign in ("password", "authentication", "role")):
        return OutsideFault("The database does not let this user in.", "Check user and password in its address.")
    if any(sign in said for sign in ("connect", "resolve", "translate host", "unable to open")):
        return OutsideFault("The database does not answer.", "Check that it runs and that its address is right.")
    if "locked" in said:
        return OutsideFault("The database is busy.", "Ask again in a moment.")
    return OutsideFault("The database can't be read.")
