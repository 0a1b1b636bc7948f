"""Calls that wait for a person's yes: asked once, decided once and in time, by whichever page comes first."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, func, insert, select, update

from storage.answer_tables import answers, approvals
from storage.database import Database
from storage.records import AnswerState, Json, ToolCall

Decision = Literal["allowed", "refused", "expired"]
_OPEN = [state for state in AnswerState if not state.final]


class CallKey(NamedTuple):
    """Which call is meant: `number` counts the calls of an attempt that asked."""

    comparison_id: str
    column_id: str
    attempt: int
    number: int


class Approval(NamedTuple):
    """One call that waits, exactly as it would run."""

    key: CallKey
    call: ToolCall
    expires_at: float


class Approvals:
    """Keeps what was asked and decided. A call of an attempt that is over can't be allowed any more."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def ask(self, attempt: tuple[str, str, int], call: ToolCall, expires_at: float) -> CallKey:
        """Put a call of (comparison, column, attempt) before whoever looks; it can be decided until `expires_at`."""
        mine = [approvals.c[name] == value for name, value in zip(CallKey._fields, attempt, strict=False)]
        with self._database.writing() as connection:
            last = connection.execute(select(func.max(approvals.c.number)).where(*mine)).scalar_one()
            key = CallKey(*attempt, (last or 0) + 1)
            connection.execute(
                insert(approvals).values(
                    **key._asdict(), tool=call.tool, arguments=call.arguments, expires_at=expires_at
                )
            )
        return key

    def pending(self, comparison_id: str) -> list[Approval]:
        """Return the calls of a comparison that can be decided now, in the order of their columns."""
        joined = and_(*(answers.c[name] == approvals.c[name] for name in ("comparison_id", "column_id", "attempt")))
        waiting = (
            select(approvals)
            .join(answers, joined)
            .where(approvals.c.comparison_id == comparison_id, *_undecided(self._clock()), *_going_on())
            .order_by(approvals.c.column_id, approvals.c.number)
        )
        with self._database.reading() as connection:
            return [_approval(dict(row)) for row in connection.execute(waiting).mappings()]

    def decide(self, key: CallKey, decision: Literal["allowed", "refused"]) -> bool:
        """Keep a person's decision; False where it was decided before, its time is over, or the answer has ended."""
        attempt = [answers.c[name] == value for name, value in key._asdict().items() if name != "number"]
        now = self._clock()
        with self._database.writing() as connection:
            # Whoever stops or repeats the answer writes this row, too: one of the two comes first.
            if connection.execute(select(answers.c.attempt).where(*attempt, *_going_on()).with_for_update()).first():
                decided = update(approvals).where(_is(key), *_undecided(now))
                return connection.execute(decided.values(decision=decision, decided_at=now)).rowcount == 1
        return False

    def decision(self, key: CallKey) -> Decision | None:
        """Return what was decided, None while nobody has."""
        with self._database.reading() as connection:
            return connection.execute(select(approvals.c.decision).where(_is(key))).scalar_one()

    def expire(self, key: CallKey) -> Decision:
        """End the wait for a decision and return what stands: `expired`, unless a person was faster."""
        late = update(approvals).where(_is(key), approvals.c.decision.is_(None))
        with self._database.writing() as connection:
            connection.execute(late.values(decision="expired", decided_at=self._clock()))
            return connection.execute(select(approvals.c.decision).where(_is(key))).scalar_one()


def _undecided(now: float) -> tuple[ColumnElement[bool], ...]:
    return approvals.c.decision.is_(None), approvals.c.expires_at > now


def _going_on() -> tuple[ColumnElement[bool], ...]:
    return answers.c.state.in_(_OPEN), answers.c.stop_requested_at.is_(None)


def _is(key: CallKey) -> ColumnElement[bool]:
    return and_(*(approvals.c[name] == value for name, value in key._asdict().items()))


def _approval(row: Json) -> Approval:
    key = CallKey(*(row[name] for name in CallKey._fields))
    return Approval(key, ToolCall(row["tool"], row["arguments"]), row["expires_at"])
