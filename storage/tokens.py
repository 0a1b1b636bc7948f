"""Tokens for a person's own programs: shown once when they are made, kept as a hash, and taken back at any time."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import delete, insert, select, update

from storage.answer_tables import tokens
from storage.database import Database
from storage.errors import NotFound

_BEGINNING = "trp_"  # tells people and secret scanners what it is
_NOTED_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; not the token itself."""

    id: str
    name: str
    created_at: float
    last_used_at: float | None


class Tokens:
    """Makes tokens and knows them again. 256 random bits need no slow hash."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def make(self, name: str) -> str:
        """Return a new token called `name`; it can't be read again."""
        token = _BEGINNING + secrets.token_urlsafe(32)
        with self._database.writing() as connection:
            connection.execute(
                insert(tokens).values(
                    id=str(uuid4()), name=name.strip(), sha256=_hash(token), created_at=self._clock(), last_used_at=None
                )
            )
        return token

    def known(self, token: str) -> bool:
        """Whether the token was made here and not taken back; that it was used is noted, at most once a minute."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(tokens.c.id, tokens.c.last_used_at).where(tokens.c.sha256 == _hash(token))
            ).one_or_none()
        if row is None:
            return False
        now = self._clock()
        if row.last_used_at is None or now - row.last_used_at >= _NOTED_EVERY_S:
            with self._database.writing() as connection:
                connection.execute(update(tokens).where(tokens.c.id == row.id).values(last_used_at=now))
        return True

    def list(self) -> list[Token]:
        """Return all tokens, the newest first."""
        columns = (tokens.c.id, tokens.c.name, tokens.c.created_at, tokens.c.last_used_at)
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).order_by(tokens.c.created_at.desc())).all()
        return [Token(*row) for row in rows]

    def take_back(self, token_id: str) -> None:
        """Let a token be known no more; raise NotFound."""
        with self._database.writing() as connection:
            if not connection.execute(delete(tokens).where(tokens.c.id == token_id)).rowcount:
                raise NotFound("This token is not here any more.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
