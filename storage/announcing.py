"""Where a server of a home listens: a note {url, token, pid} in `run`, there as long as the server is."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from storage.files import write_atomically


class Announced(NamedTuple):
    """A server's address, and the token by which it knows us."""

    url: str
    token: str


def note_of(home: Path, name: str) -> Path:
    """Return where the server `name` of a home announces itself."""
    return home.expanduser() / "run" / f"{name}.json"


def read_note(note: Path) -> Announced | None:
    """Return what a note says, None where there is none; it may outlive a server that was killed."""
    try:
        written = json.loads(note.read_bytes())
        return Announced(written["url"], written["token"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def announcing(note: Path, told: Announced) -> Iterator[None]:
    """Write the note, readable by its owner only, for the time of the block."""
    write_atomically(note, json.dumps({**told._asdict(), "pid": os.getpid()}).encode(), mode=0o600)
    try:
        yield
    finally:
        note.unlink(missing_ok=True)
