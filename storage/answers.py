"""The answers behind a scorecard, one JSON line each, in the order in which the questions stand."""

import json
from functools import lru_cache
from pathlib import Path

from storage.errors import Damaged
from storage.records import Json, Scorecard
from storage.workspace import Workspace


def answers_file(workspace: Workspace, card: Scorecard) -> Path:
    """Return where the answers of a score lie; raise Damaged where they are gone."""
    path = workspace.home / card.answers_file
    if not path.is_file():
        raise Damaged(f"The answers of this score are gone: {path.name} is missing.")
    return path


def read_answers(workspace: Workspace, card: Scorecard) -> list[Json]:
    """Return the answers of a score, which nobody may change in place; raise Damaged where they are gone."""
    path = answers_file(workspace, card)
    told = path.stat()
    return list(_read(path, told.st_mtime_ns, told.st_size))


@lru_cache(maxsize=4)
def _read(path: Path, _changed_ns: int, _size: int) -> tuple[Json, ...]:
    """Read a file once for all parts of a page that show it; what has changed since is read anew."""
    with path.open(encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)
