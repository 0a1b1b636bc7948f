"""Sets of test questions: named, each version one file below home that never changes."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TypedDict, Unpack
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, desc, insert, or_, select, update

from storage.answer_tables import question_sets
from storage.database import Database
from storage.errors import NotAllowed, NotFound
from storage.records import Json

_GONE = "There are no test questions called {name!r}."
_CHOOSE = "Choose one of those on the Scores page."


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """One version of a set of test questions. `source` is its file, relative to home; `questions` how many it asks.

    A `sealed` one is meant to be scored once, at the end: nobody should look at its questions before.
    """

    id: str
    name: str
    version: int
    source: str
    questions: int
    sha256: str
    sealed: bool
    created_at: float


class Facts(TypedDict):
    """What is known of a file of test questions: how many it asks, and the hash of its bytes."""

    questions: int
    sha256: str


class QuestionSets:
    """Keeps versions of named sets of test questions. A name means its latest version."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def keep(self, name: str, source: str, *, sealed: bool = False, **facts: Unpack[Facts]) -> QuestionSet:
        """Keep the file `source` as the next version of `name`, sealed where it is to be or the version before is.

        Where the same bytes are kept under this name already, that version is returned, sealed where it is to be; then
        `source` is nobody's file.
        """
        with self._database.writing() as connection:
            versions = _versions(connection, name)
            known = next((one for one in versions if one.sha256 == facts["sha256"]), None)
            if known is not None:
                return self._sealed(connection, known) if sealed else known
            latest = versions[0] if versions else None
            return self._add(connection, name, source, latest, {**facts, "sealed": sealed})

    def follow(self, before: QuestionSet, source: str, **facts: Unpack[Facts]) -> QuestionSet:
        """Keep the file `source` as the version after `before`; raise NotAllowed where there is a later one."""
        with self._database.writing() as connection:
            # PostgreSQL: who follows the same version takes turns. SQLite's writing() has the whole lock already.
            connection.execute(select(question_sets.c.id).where(question_sets.c.id == before.id).with_for_update())
            latest = next(iter(_versions(connection, before.name)), None)
            if latest is None or latest.id != before.id:
                raise NotAllowed(f"{before.name} was changed in the meantime.", "Look at it again and repeat this.")
            return self._add(connection, before.name, source, before, {**facts, "sealed": before.sealed})

    def _add(
        self, connection: Connection, name: str, source: str, before: QuestionSet | None, facts: Json
    ) -> QuestionSet:
        made = QuestionSet(
            id=str(uuid4()),
            name=name,
            version=before.version + 1 if before else 1,
            source=source,
            questions=facts["questions"],
            sha256=facts["sha256"],
            sealed=facts["sealed"] or (before is not None and before.sealed),
            created_at=self._clock(),
        )
        connection.execute(insert(question_sets).values(**asdict(made)))
        return made

    @staticmethod
    def _sealed(connection: Connection, known: QuestionSet) -> QuestionSet:
        connection.execute(update(question_sets).where(question_sets.c.id == known.id).values(sealed=1))
        return replace(known, sealed=True)

    def get(self, id_or_name: str) -> QuestionSet:
        """Return the version with this id, or the latest version of this name; raise NotFound."""
        wanted = or_(question_sets.c.id == id_or_name, question_sets.c.name == id_or_name)
        newest = select(question_sets).where(wanted).order_by(desc(question_sets.c.version)).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(newest).one_or_none()
        if row is None:
            raise NotFound(_GONE.format(name=id_or_name), _CHOOSE)
        return _record(row)

    def remove(self, name: str) -> list[str]:
        """Forget every version of `name` and return their files, relative to home; raise NotFound."""
        with self._database.writing() as connection:
            files = [one.source for one in _versions(connection, name)]
            if not files:
                raise NotFound(_GONE.format(name=name), _CHOOSE)
            connection.execute(delete(question_sets).where(question_sets.c.name == name))
        return files

    def list(self) -> list[QuestionSet]:
        """Return every version of every set, the newest first."""
        order = desc(question_sets.c.created_at), desc(question_sets.c.version)
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(select(question_sets).order_by(*order))]


def _versions(connection: Connection, name: str) -> list[QuestionSet]:
    """Return the versions of a set, the latest first."""
    mine = select(question_sets).where(question_sets.c.name == name).order_by(desc(question_sets.c.version))
    return [_record(row) for row in connection.execute(mine)]


def _record(row: Row[tuple[object, ...]]) -> QuestionSet:
    values = dict(row._mapping)
    values.pop("user_id")
    return QuestionSet(**{**values, "sealed": bool(values["sealed"])})
