"""The models that a person brought, known by what was written down when they came, beside those of the catalogue."""

import json
from pathlib import Path

from jobs.models.catalogue import LocalSource, ModelEntry, catalogue
from jobs.models.memory import Shape
from storage.errors import NotFound
from storage.files import MANIFEST

OWN = "own-"
_NOTE = "A model that you brought. What it is good for, only your scores can tell."
_LICENCE = "as its makers say"


def known_models(models: Path) -> dict[str, ModelEntry]:
    """Return every model that can be spoken of by its id: those of the catalogue, then the person's own."""
    return {**catalogue(), **own_models(models)}


def known_model(models: Path, model_id: str) -> ModelEntry:
    """Return one of them; raise NotFound."""
    found = catalogue().get(model_id) or own_models(models).get(model_id)
    if found is None:
        listed = ", ".join(known_models(models))
        raise NotFound(f"There is no model {model_id!r} in the catalogue.", f"Choose one of: {listed}.")
    return found


def own_models(models: Path) -> dict[str, ModelEntry]:
    """Return the models that were brought into the folder `models`, the newest last."""
    files = sorted(models.expanduser().glob(f"{OWN}*/{MANIFEST}"), key=lambda file: file.stat().st_mtime)
    return {entry.id: entry for file in files if (entry := _entry(file)) is not None}


def _entry(file: Path) -> ModelEntry | None:
    try:
        manifest = json.loads(file.read_bytes())
        told = manifest["own"]
        size = sum(listed["size"] for listed in manifest["files"])
        source = LocalSource(told["came_from"], told["form"], size)
        shape = Shape(**told["shape"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return ModelEntry(
        id=file.parent.name,
        title=told["title"],
        note=_NOTE,
        licence=_LICENCE,
        role="chat",
        languages=(),
        native_tools=False,
        shape=shape,
        source=source,
    )
