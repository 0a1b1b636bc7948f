"""Tables of test questions that people brought: what is known of each stands in a small file beside its upload."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from storage.errors import NotFound
from storage.files import sha256_of, write_atomically
from storage.uploads import keep_upload
from storage.workspace import Workspace

_ENDING = ".questions.json"


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table of test questions that can be chosen again. `source` is its upload, relative to home."""

    id: str
    name: str
    source: str
    questions: int
    sha256: str
    created_at: float


def keep_table(workspace: Workspace, file: Path, name: str, questions: int) -> KeptTable:
    """Keep a table under `name`, to be chosen again; the same bytes under the same name are kept once.

    Raises UnreadableFile where the file can't be copied.
    """
    sha256 = sha256_of(file)
    known = next((one for one in kept_tables(workspace) if (one.name, one.sha256) == (name, sha256)), None)
    if known is not None:
        return known
    made = KeptTable(str(uuid4()), name, keep_upload(workspace, file), questions, sha256, workspace.clock())
    write_atomically(workspace.home / f"{made.source}{_ENDING}", json.dumps(asdict(made)).encode())
    return made


def kept_tables(workspace: Workspace) -> list[KeptTable]:
    """Return the tables of test questions that are kept, the newest first."""
    found = [KeptTable(**json.loads(path.read_bytes())) for path in workspace.folder("uploads").glob(f"[!.]*{_ENDING}")]
    there = [table for table in found if (workspace.home / table.source).is_file()]
    return sorted(there, key=lambda table: table.created_at, reverse=True)


def forget_table(workspace: Workspace, source: str) -> None:
    """Forget the table whose upload is `source`, with its file; raise NotFound where it is not kept any more."""
    kept = next((table for table in kept_tables(workspace) if table.source == source), None)
    if kept is None:
        raise NotFound("This table of test questions is not here any more.")
    (workspace.home / f"{kept.source}{_ENDING}").unlink(missing_ok=True)
    (workspace.home / kept.source).unlink(missing_ok=True)
