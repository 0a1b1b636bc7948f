"""Versions of examples, kept and found again."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, fields, replace
from itertools import islice
from operator import attrgetter
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, desc, func, insert, or_, select

from storage.database import Database
from storage.errors import NotFound
from storage.records import Dataset, Dropped, Example, Json, Part
from storage.seeking import holding
from storage.tables import datasets
from storage.tables import examples as example_rows

_ROWS_AT_ONCE = 5000
_FIELDS = [field.name for field in fields(Example)]
_values = attrgetter(*_FIELDS)


class Facts(TypedDict):
    """What is kept of a dataset besides its examples; `origin` tells how it came about."""

    rows: int
    columns: dict[str, str]
    dropped: Sequence[Dropped]
    source: str
    origin: NotRequired[Json]


class Wanted(TypedDict, total=False):
    """Which examples are looked for: those that hold a text, of a part, of a kind, with one of these row numbers."""

    query: str
    part: Part | None
    kind: str | None
    rows: Collection[int] | None


class Datasets:
    """Keeps immutable versions of named sets of examples. A name means its latest version."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def keep(self, name: str, examples: Sequence[Example], **facts: Unpack[Facts]) -> Dataset:
        """Store the examples as the next version of `name`: all of them, or none."""
        with self._database.writing() as connection:
            version = (connection.execute(_newest(name)).scalar() or 0) + 1
            made = Dataset(
                id=str(uuid4()),
                name=name,
                version=version,
                rows=facts["rows"],
                used=len(examples),
                held_out=_held_out(examples),
                columns=facts["columns"],
                dropped=tuple(facts["dropped"]),
                source=facts["source"],
                created_at=self._clock(),
                origin=facts.get("origin", {}),
            )
            _add(connection, made, examples)
        return made

    def follow(
        self, before: Dataset, examples: Sequence[Example], *, rows: int, source: str, origin: Json | None = None
    ) -> Dataset | None:
        """Store the examples as the version after `before`; None, and nothing is stored, where there is a later one.

        `origin` tells what was changed; `from`, the id of `before`, is always in it.
        """
        made = replace(
            before,
            id=str(uuid4()),
            version=before.version + 1,
            rows=rows,
            used=len(examples),
            held_out=_held_out(examples),
            source=source,
            created_at=self._clock(),
            origin={"from": before.id, **(origin or {})},
        )
        with self._database.writing() as connection:
            # PostgreSQL: who follows the same version takes turns. SQLite's writing() has the whole lock already.
            connection.execute(select(datasets.c.id).where(datasets.c.id == before.id).with_for_update())
            if connection.execute(_newest(before.name)).scalar() != before.version:
                return None
            _add(connection, made, examples)
        return made

    def get(self, id_or_name: str) -> Dataset:
        """Return the version with this id, or the latest version of this name; raise NotFound."""
        wanted = select(datasets).where(or_(datasets.c.id == id_or_name, datasets.c.name == id_or_name))
        with self._database.reading() as connection:
            row = connection.execute(wanted.order_by(desc(datasets.c.version)).limit(1)).one_or_none()
        if row is None:
            raise NotFound(f"There are no examples called {id_or_name!r}.", "Choose one of those on the Examples page.")
        return _record(row)

    def examples(self, dataset_id: str, *parts: Part) -> list[Example]:
        """Return the examples of these parts (of all, without any), in the order of the file, with their history."""
        wanted = select(example_rows).where(example_rows.c.dataset_id == dataset_id)
        if parts:
            wanted = wanted.where(example_rows.c.part.in_(parts))
        with self._database.reading() as connection:
            return with_history([_example(row) for row in connection.execute(wanted.order_by(example_rows.c.row))])

    def answer_counts(self, dataset_id: str, most: int, *parts: Part) -> dict[str, int]:
        """Return how often each answer stands in these parts, the most frequent first; nothing beyond `most` answers.

        A dataset that is not there any more has none.
        """
        rows = example_rows.c.row
        wanted = select(example_rows.c.answer, func.count(rows)).where(
            example_rows.c.dataset_id == dataset_id, example_rows.c.part.in_(parts)
        )
        grouped = wanted.group_by(example_rows.c.answer).order_by(desc(func.count(rows)), func.min(rows))
        with self._database.reading() as connection:
            found = connection.execute(grouped.limit(most + 1)).all()
        return {answer: count for answer, count in found} if len(found) <= most else {}

    def page(
        self, dataset_id: str, start: int = 0, count: int = 50, **wanted: Unpack[Wanted]
    ) -> tuple[list[Example], int]:
        """Return `count` of the wanted examples from the `start`-th on, with their history, and how many there are."""
        with self._database.reading() as connection:
            chosen = select(example_rows).where(example_rows.c.dataset_id == dataset_id, *_wanted(connection, wanted))
            total = connection.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()
            found = connection.execute(chosen.order_by(example_rows.c.row).offset(start).limit(count)).all()
            # What was said before may stand on another page, or be none of the wanted.
            talks = {row.conversation for row in found} - {""}
            around = select(example_rows).where(
                example_rows.c.dataset_id == dataset_id, example_rows.c.conversation.in_(talks)
            )
            rows = {row.row: _example(row) for row in (*found, *connection.execute(around))}
        told = {example.row: example for example in with_history(list(rows.values()))}
        return [told[row.row] for row in found], total

    def kinds(self, dataset_id: str) -> Sequence[str]:
        """Return the kinds of questions that a version holds, in the order of the alphabet."""
        wanted = select(example_rows.c.kind).where(example_rows.c.dataset_id == dataset_id).distinct()
        with self._database.reading() as connection:
            return sorted(connection.execute(wanted).scalars())

    def list(self) -> list[Dataset]:
        """Return every version of every dataset, the newest first."""
        newest_first = select(datasets).order_by(desc(datasets.c.created_at), desc(datasets.c.version))
        with self._database.reading() as connection:
            rows = connection.execute(newest_first).all()
        return [_record(row) for row in rows]


def with_history(examples: Sequence[Example]) -> list[Example]:
    """Return the examples, each with what was said before it in its conversation; outside of one it keeps its own."""
    said: dict[str, list[Example]] = {}
    for example in examples:
        if example.conversation:
            said.setdefault(example.conversation, []).append(example)
    for turns in said.values():
        turns.sort(key=attrgetter("turn", "row"))
    return [_with_history(example, said.get(example.conversation, ())) for example in examples]


def _with_history(example: Example, turns: Sequence[Example]) -> Example:
    before = [one for one in turns if (one.turn, one.row) < (example.turn, example.row)]
    return replace(example, history=tuple((one.question, one.answer) for one in before)) if before else example


def _wanted(connection: Connection, wanted: Wanted) -> list[ColumnElement[bool]]:
    columns, guards = example_rows.c, list[ColumnElement[bool]]()
    if query := wanted.get("query", "").strip():
        guards.append(
            holding(connection, query, columns.question, columns.answer, columns.instruction, columns.context)
        )
    if (part := wanted.get("part")) is not None:
        guards.append(columns.part == part)
    if (kind := wanted.get("kind")) is not None:
        guards.append(columns.kind == kind)
    if (rows := wanted.get("rows")) is not None:
        # Written into the statement: a driver takes only so many parameters.
        guards.append(columns.row.in_(bindparam("rows", list(rows), expanding=True, literal_execute=True)))
    return guards


def _newest(name: str) -> Select[Any]:
    return select(func.max(datasets.c.version)).where(datasets.c.name == name)


def _held_out(examples: Sequence[Example]) -> int:
    return sum(example.part == "exam" for example in examples)


def _add(connection: Connection, dataset: Dataset, examples: Sequence[Example]) -> None:
    connection.execute(insert(datasets).values(**asdict(dataset)))
    _insert(connection, dataset.id, examples)


def _insert(connection: Connection, dataset_id: str, examples: Sequence[Example]) -> None:
    # `asdict` copies deeply and would hold the write lock five times as long.
    rows = ({"dataset_id": dataset_id, **_told(example)} for example in examples)
    while chunk := list(islice(rows, _ROWS_AT_ONCE)):
        connection.execute(insert(example_rows), chunk)


def _told(example: Example) -> Json:
    told = dict(zip(_FIELDS, _values(example), strict=True))
    # The rows of a conversation tell its history, and may be changed.
    return {**told, "history": ()} if example.conversation else told


def _example(row: Row[Any]) -> Example:
    values: list[Any] = list(row)[1:]
    return Example(*values[:-1], history=tuple((asked, answered) for asked, answered in values[-1]))


def _record(row: Row[tuple[object, ...]]) -> Dataset:
    values = dict(row._mapping)
    values.pop("user_id")
    dropped = tuple(Dropped(**{**entry, "rows": tuple(entry["rows"])}) for entry in values.pop("dropped"))
    return Dataset(**values, dropped=dropped)
