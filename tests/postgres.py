"""A PostgreSQL server of the tests' own, from Debian's package, and workspaces on either kind of database."""

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage.settings import Settings

_ACCOUNT = "postgres"
_START_S = 30
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a server on a free port of the loopback and give its URL without a database's name."""
    programs = _programs()
    if programs is None:
        _skip("no PostgreSQL server is installed (Debian: postgresql)")
        return
    folder = Path(tempfile.mkdtemp(prefix="triptych-postgres-"))
    account = _account(folder)
    try:
        initialise = [programs / "initdb", "-D", folder / "data", "-U", _ACCOUNT, "--auth=trust", "--no-sync"]
        subprocess.run(initialise, user=account, cwd=folder, check=True, capture_output=True)
        port = _free_port()
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"]
        command = [programs / "postgres", "-D", folder / "data", "-p", str(port), *options]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, user=account, cwd=folder, stdout=log, stderr=log)
        try:
            url = f"postgresql://{_ACCOUNT}@127.0.0.1:{port}"
            _wait(url)
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # at once, whoever is still connected
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """A new, empty database on that server."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{postgres_server}/{name}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a fresh home, once on SQLite and once on PostgreSQL."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    return Settings(home=tmp_path / "home", database_url=url)


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    program = shutil.which("postgres")
    return None if program is None else Path(program).parent


def _account(folder: Path) -> int | None:
    """PostgreSQL refuses to run as root: give the folder to its own account."""
    if os.getuid() != 0:
        return None
    try:
        account = pwd.getpwnam(_ACCOUNT)
    except KeyError:
        _skip("PostgreSQL does not run as root and there is no account for it")
        return None
    os.chown(folder, account.pw_uid, account.pw_gid)
    return account.pw_uid


def _skip(reason: str) -> None:
    if "postgres" in os.environ.get("TRIPTYCH_REQUIRE", ""):
        pytest.fail(reason)
    pytest.skip(reason)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str) -> None:
    until = time.monotonic() + _START_S
    while True:
        try:
            psycopg.connect(f"{url}/postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
