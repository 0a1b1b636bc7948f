"""Columns that a person put to use: each answers under a name of its own, on a page and for programs."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select

from storage.answer_tables import uses
from storage.columns import column_from
from storage.database import Database
from storage.errors import NotFound
from storage.records import Column, Json

_LONGEST = 48


@dataclass(frozen=True, slots=True)
class Use:
    """A column under a name (letters, digits and hyphens), and the title that its person gave it."""

    name: str
    title: str
    column: Column
    created_at: float


class Uses:
    """Keeps what is put to use."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def put(self, title: str, column: Column, taken: frozenset[str] = frozenset()) -> Use:
        """Put a column to use under a name made of its title; none of `taken`, and none that is used already."""
        with self._database.writing() as connection:
            name = _free(_slug(title), taken | set(connection.execute(select(uses.c.name)).scalars()))
            made = Use(name, title.strip(), column, self._clock())
            connection.execute(insert(uses).values(**{**asdict(made), "column": asdict(column)}))
        return made

    def get(self, name: str) -> Use:
        """Return what is used under `name`; raise NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(select(uses).where(uses.c.name == name)).mappings().one_or_none()
        if row is None:
            raise NotFound(f"Nothing is put to use under the name {name!r}.", "Look at the Use page for the names.")
        return _use(dict(row))

    def list(self) -> list[Use]:
        """Return everything that is put to use, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(uses).order_by(uses.c.created_at.desc(), uses.c.name)).mappings().all()
        return [_use(dict(row)) for row in rows]

    def remove(self, name: str) -> None:
        """Take a name out of use; raise NotFound."""
        with self._database.writing() as connection:
            _gone(connection, name)


def _gone(connection: Connection, name: str) -> None:
    if not connection.execute(delete(uses).where(uses.c.name == name)).rowcount:
        raise NotFound(f"Nothing is put to use under the name {name!r}.")


def _use(row: Json) -> Use:
    return Use(row["name"], row["title"], column_from(row["column"]), row["created_at"])


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or "mine"


def _free(slug: str, taken: set[str] | frozenset[str]) -> str:
    number, name = 1, slug
    while name in taken:
        number += 1
        name = f"{slug}-{number}"
    return name
