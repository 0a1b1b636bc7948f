"""The clock of a workspace: the computer's own, or the one that all hosts of a PostgreSQL share."""

import time

import psycopg
import pytest

from storage.clock import ServerClock, clock_of
from storage.database import Database
from storage.errors import OurFault
from tests.clock import Clock


def test_sqlite_goes_by_the_computer(tmp_path) -> None:
    assert clock_of(Database(f"sqlite:///{tmp_path / 'a.db'}")) is time.time


@pytest.mark.postgres
def test_postgres_is_asked_and_a_clock_that_is_set_here_changes_nothing(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(postgres_url)
    now = clock_of(database)
    assert now() == pytest.approx(time.time(), abs=2)
    before = now()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert now() == pytest.approx(before, abs=2)
    database.close()


@pytest.mark.postgres
def test_it_asks_again_after_a_while_and_lives_with_a_server_that_is_away(postgres_url: str) -> None:
    steady, database = Clock(100.0), Database(postgres_url)
    now = ServerClock(database, steady)
    told = now()
    steady.now += 10
    assert now() == pytest.approx(told + 10, abs=1)
    steady.now += 1000
    assert now() == pytest.approx(told, abs=5)  # the server's own clock has hardly moved
    server, _, name = postgres_url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
    steady.now += 1000
    assert now() == pytest.approx(told + 1000, abs=5)
    database.close()


def test_a_server_that_never_answered_is_told() -> None:
    with pytest.raises(OurFault, match="does not answer"):
        ServerClock(Database("postgresql://postgres@127.0.0.1:1/none"))()
