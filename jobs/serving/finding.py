"""Where an adapter of this home lies, and which base it belongs to; read from its manifest, without its weights."""

import json
import uuid
from pathlib import Path

from jobs.models.door import ADAPTER
from storage.errors import NotFound
from storage.files import MANIFEST


def find_adapter(folder: Path, adapter_id: str) -> Path:
    """Return the folder of an adapter, that of its newest claim; raise NotFound."""
    try:
        name = str(uuid.UUID(adapter_id))
    except ValueError:
        name = ""
    found = [path.parent for path in folder.glob(f"{name}-f*/{MANIFEST}")] if name else []
    if not found:
        raise NotFound(f"There is no adapter {adapter_id!r}.", "Choose one of the adapters on the Train page.")
    return max(found, key=lambda one: int(one.name.rpartition("-f")[2]))


def adapter_ids(folder: Path) -> list[str]:
    """Return the ids of the complete adapters in `folder`, the newest first."""
    found = sorted(folder.glob(f"*-f*/{MANIFEST}"), key=lambda path: path.stat().st_mtime, reverse=True)
    return list(dict.fromkeys(path.parent.name.rpartition("-f")[0] for path in found))


def base_of(model: str, adapters: Path) -> str:
    """Return the id of the base that answers for `model`, a base's id or `adapter:<id>`; raise NotFound.

    Empty for an adapter that does not say.
    """
    if not model.startswith(ADAPTER):
        return model
    folder = find_adapter(adapters, model.removeprefix(ADAPTER))
    return str(json.loads((folder / MANIFEST).read_bytes()).get("base_id", ""))
