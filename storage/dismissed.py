"""Notes about scores that a person does not want to see again: their keys, in a small file beside the answers."""

import json
from collections.abc import Iterable
from pathlib import Path

from storage.files import write_atomically
from storage.workspace import Workspace


def dismissed(workspace: Workspace) -> set[str]:
    """Return the keys of all notes that were dismissed."""
    file = _file(workspace)
    return set(json.loads(file.read_bytes())) if file.is_file() else set()


def dismiss(workspace: Workspace, keys: Iterable[str]) -> None:
    """Keep that these notes were dismissed."""
    write_atomically(_file(workspace), json.dumps(sorted(dismissed(workspace) | set(keys))).encode())


def _file(workspace: Workspace) -> Path:
    return workspace.folder("scores") / "dismissed.json"
