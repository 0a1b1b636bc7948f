"""Questions, the events of their answers, and votes."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, delete, desc, func, insert, or_, select, update

from storage.answer_tables import answer_events, answers, comparisons, preferences, votes
from storage.columns import column_from
from storage.database import Database
from storage.errors import NotFound
from storage.records import AnswerState, Column, Comparison, Json
from storage.seeking import holding

_OPEN = (AnswerState.WAITING, AnswerState.WRITING)
_FINAL = {str(state) for state in AnswerState if state.final}


class KeptEvent(NamedTuple):
    """One event of an answer as it was written; `body` is the event's JSON, its type included."""

    attempt: int
    seq: int
    type: str
    body: Json
    at: float


class Preferred(NamedTuple):
    """An answer that was not chosen, with the one that was, word for word."""

    rejected_id: str
    chosen: str
    rejected: str


class Comparisons:
    """Keeps questions with what each column answered, attempt by attempt.

    A newer attempt fences out the older: whatever the older still wants to write is refused.
    """

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def start(
        self,
        question: str,
        columns: Sequence[Column],
        previous_id: str | None = None,
        *,
        blind: bool = False,
        owner: str | None = None,
    ) -> Comparison:
        """Keep a new question with the columns that will answer it, in their order.

        `previous_id` is what it goes on from; `blind` hides the names of the columns until the vote. With an `owner`
        the first attempt of every column is opened along with it: no column can be left that nobody ever began.
        """
        made = Comparison(str(uuid4()), question, tuple(columns), self._clock(), previous_id, blind)
        with self._database.writing() as connection:
            connection.execute(
                insert(comparisons).values(
                    id=made.id,
                    question=question,
                    columns=[asdict(column) for column in columns],
                    created_at=made.created_at,
                    previous_id=previous_id,
                    blind=int(blind),
                )
            )
            if owner is not None and columns:
                connection.execute(insert(answers), [self._attempt(made.id, column.id, 1, owner) for column in columns])
        return made

    def get(self, comparison_id: str) -> Comparison:
        """Return one comparison; raise NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(select(comparisons).where(comparisons.c.id == comparison_id)).one_or_none()
        if row is None:
            raise NotFound("There is no such comparison here.", "Ask your question again on the Compare page.")
        return _comparison(row)

    def put_column(self, comparison_id: str, column: Column) -> None:
        """Replace what the column of that id uses; what it has answered so far keeps its own evidence."""
        with self._database.writing() as connection:
            _lock(connection, comparison_id)
            row = connection.execute(select(comparisons).where(comparisons.c.id == comparison_id)).one()
            columns = [asdict(column if kept.id == column.id else kept) for kept in _comparison(row).columns]
            connection.execute(update(comparisons).where(comparisons.c.id == comparison_id).values(columns=columns))

    def begin(self, comparison_id: str, column_id: str, owner: str) -> int:
        """Open the column's next attempt and return its number; an unfinished older one is stopped."""
        with self._database.writing() as connection:
            _lock(connection, comparison_id)
            last = connection.execute(
                select(func.max(answers.c.attempt)).where(_of(answers, comparison_id, column_id))
            ).scalar_one()
            for attempt in connection.execute(
                select(answers.c.attempt).where(_of(answers, comparison_id, column_id), answers.c.state.in_(_OPEN))
            ).scalars():
                self._write(connection, (comparison_id, column_id, attempt), "stopped", _STOPPED)
            attempt = (last or 0) + 1
            connection.execute(insert(answers).values(**self._attempt(comparison_id, column_id, attempt, owner)))
        return attempt

    def append(self, comparison_id: str, column_id: str, attempt: int, event_type: str, body: Json) -> bool:
        """Write the attempt's next event; False where the attempt is over or a newer one has fenced it out."""
        with self._database.writing() as connection:
            _lock(connection, comparison_id)
            state = connection.execute(
                select(answers.c.state).where(_of(answers, comparison_id, column_id, attempt))
            ).scalar_one_or_none()
            if state not in _OPEN:
                return False
            self._write(connection, (comparison_id, column_id, attempt), event_type, body)
        return True

    def events(self, comparison_id: str, column_id: str, attempt: int | None = None, after: int = 0) -> list[KeptEvent]:
        """Return the events with a `seq` above `after`, in order, of one attempt: the newest unless told."""
        with self._database.reading() as connection:
            if attempt is None:
                attempt = connection.execute(
                    select(func.max(answers.c.attempt)).where(_of(answers, comparison_id, column_id))
                ).scalar_one()
            rows = connection.execute(
                select(*(answer_events.c[name] for name in KeptEvent._fields))
                .where(_of(answer_events, comparison_id, column_id, attempt or 0), answer_events.c.seq > after)
                .order_by(answer_events.c.seq)
            ).all()
        return [KeptEvent(*row) for row in rows]

    def states(self, comparison_id: str) -> dict[str, tuple[int, AnswerState]]:
        """Return newest attempt and state of every column; a column never begun waits as attempt 0."""
        known = {column.id: (0, AnswerState.WAITING) for column in self.get(comparison_id).columns}
        with self._database.reading() as connection:
            rows = connection.execute(
                select(answers.c.column_id, answers.c.attempt, answers.c.state)
                .where(answers.c.comparison_id == comparison_id)
                .order_by(answers.c.attempt)
            ).all()
        return known | {column_id: (attempt, AnswerState(state)) for column_id, attempt, state in rows}

    def request_stop(self, comparison_id: str, column_id: str | None = None) -> None:
        """Ask the unfinished answers of one column, or of all, to stop."""
        chosen: ColumnElement[bool] = and_(answers.c.comparison_id == comparison_id, answers.c.state.in_(_OPEN))
        if column_id is not None:
            chosen = and_(chosen, answers.c.column_id == column_id)
        with self._database.writing() as connection:
            connection.execute(update(answers).where(chosen).values(stop_requested_at=self._clock()))

    def stop_requested(self, comparison_id: str, column_id: str, attempt: int) -> bool:
        """Whether this attempt should end: asked to stop, already over, or fenced out."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(answers.c.state, answers.c.stop_requested_at).where(
                    _of(answers, comparison_id, column_id, attempt)
                )
            ).one_or_none()
        return row is None or row.state not in _OPEN or row.stop_requested_at is not None

    def stop_orphans(self, owner: str, why: str = "") -> int:
        """Stop the unfinished answers of every other owner, whose process is gone; return how many there were.

        `why` is what each of them says of its end.
        """
        orphaned = select(answers.c.comparison_id, answers.c.column_id, answers.c.attempt).where(
            answers.c.state.in_(_OPEN), answers.c.owner != owner
        )
        with self._database.writing() as connection:
            left = connection.execute(orphaned.with_for_update()).all()
            for key in left:
                self._write(
                    connection, (key.comparison_id, key.column_id, key.attempt), "stopped", _STOPPED | {"why": why}
                )
        return len(left)

    def vote(self, comparison_id: str, column_id: str, preferred: Sequence[Preferred] = ()) -> bool:
        """Keep which column's answer the person would send (or `tie`, or `none`), and what it was `preferred` to.

        A later vote replaces it, its preferences included. Returns whether the vote was cast blind: the first one that
        a blind comparison gets, for after it the names are known.
        """
        is_blind = self.get(comparison_id).blind
        with self._database.writing() as connection:
            _lock(connection, comparison_id)
            again = connection.execute(delete(votes).where(votes.c.comparison_id == comparison_id)).rowcount > 0
            connection.execute(delete(preferences).where(preferences.c.comparison_id == comparison_id))
            cast_blind = is_blind and not again
            connection.execute(
                insert(votes).values(
                    comparison_id=comparison_id, column_id=column_id, at=self._clock(), blind=int(cast_blind)
                )
            )
            for pair in preferred:
                connection.execute(insert(preferences).values(comparison_id=comparison_id, **pair._asdict()))
        return cast_blind

    def voted(self, comparison_id: str) -> str | None:
        """Return what was voted for, or None."""
        with self._database.reading() as connection:
            return connection.execute(
                select(votes.c.column_id).where(votes.c.comparison_id == comparison_id)
            ).scalar_one_or_none()

    def sealed(self, comparison: Comparison) -> bool:
        """Whether the names of its columns must not be told yet: it is blind and has no vote."""
        return comparison.blind and self.voted(comparison.id) is None

    def list(self, limit: int | None = 50, sought: str = "") -> list[Comparison]:
        """Return the newest comparisons first, all without a limit; those whose question or answers hold a text."""
        newest = select(comparisons).order_by(desc(comparisons.c.created_at)).limit(limit)
        with self._database.reading() as connection:
            wanted = newest.where(_holding(connection, sought)) if sought.strip() else newest
            return [_comparison(row) for row in connection.execute(wanted)]

    def _attempt(self, comparison_id: str, column_id: str, attempt: int, owner: str) -> Json:
        names = {"comparison_id": comparison_id, "column_id": column_id, "attempt": attempt}
        return {**names, "state": AnswerState.WAITING, "owner": owner, "started_at": self._clock()}

    def _write(self, connection: Connection, key: tuple[str, str, int], event_type: str, body: Json) -> None:
        names = dict(zip(("comparison_id", "column_id", "attempt"), key, strict=True))
        last = connection.execute(select(func.max(answer_events.c.seq)).where(_of(answer_events, *key))).scalar_one()
        now = self._clock()
        connection.execute(
            insert(answer_events).values(**names, seq=(last or 0) + 1, type=event_type, body=body, at=now)
        )
        final = event_type in _FINAL
        state = AnswerState(event_type) if final else AnswerState.WRITING
        connection.execute(
            update(answers).where(_of(answers, *key)).values(state=state, finished_at=now if final else None)
        )


_STOPPED: Json = {"type": "stopped", "text": ""}


def _lock(connection: Connection, comparison_id: str) -> None:
    # PostgreSQL: writers of one comparison take turns. SQLite's writing() has the whole lock already.
    connection.execute(select(comparisons.c.id).where(comparisons.c.id == comparison_id).with_for_update())


def _of(table: Table, comparison_id: str, column_id: str, attempt: int | None = None) -> ColumnElement[bool]:
    column = and_(table.c.comparison_id == comparison_id, table.c.column_id == column_id)
    return column if attempt is None else and_(column, table.c.attempt == attempt)


def _holding(connection: Connection, sought: str) -> ColumnElement[bool]:
    text = sought.strip()
    answered = select(answer_events.c.comparison_id).where(
        answer_events.c.comparison_id == comparisons.c.id,
        answer_events.c.type == "finished",
        holding(connection, text, answer_events.c.body["text"].as_string()),
    )
    return or_(holding(connection, text, comparisons.c.question), answered.exists())


def _comparison(row: Row[tuple[object, ...]]) -> Comparison:
    values = row._mapping
    columns = tuple(column_from(column) for column in values["columns"])
    told = (values[name] for name in ("created_at", "previous_id"))
    return Comparison(values["id"], values["question"], columns, *told, blind=bool(values["blind"]))
