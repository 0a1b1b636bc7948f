"""Models that lie on this computer, complete, with the hash of their weights."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from jobs.models.catalogue import entry
from storage.errors import Missing
from storage.files import MANIFEST, sha256_of

# One file, or the parts of a large model with the index that names them.
_WEIGHTS = "model*.safetensors"


@dataclass(frozen=True, slots=True)
class Installed:
    """One fetched model: `folder` holds config, tokenizer and weights; `sha256` is the hash of the weights' bytes."""

    id: str
    folder: Path
    sha256: str


def installed(models: Path, model_id: str) -> Installed | None:
    """Return the model when it is complete (manifest there, every file of its size), else None.

    Hashes are not computed again here; `storage.files.read_manifest` does that.
    """
    folder = models.expanduser() / entry(model_id).id
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        sizes = {listed["name"]: listed["size"] for listed in manifest["files"]}
        complete = all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError):
        return None
    return Installed(model_id, folder, manifest["base_sha256"]) if complete else None


def require(models: Path, model_id: str) -> Installed:
    """Return the model when it is complete; raise Missing with what to do."""
    found = installed(models, model_id)
    if found is None:
        raise Missing(
            f"The model {entry(model_id).title!r} is not on this computer yet.",
            f"Fetch it: run `triptych models fetch {model_id}`.",
        )
    return found


def weights_sha256(folder: Path) -> str:
    """Return the hash of a model's weights: of the one file's bytes, or of the list of its parts' hashes."""
    hashes = {file.name: sha256_of(file) for file in sorted(folder.glob(_WEIGHTS))}
    if len(hashes) == 1:
        return hashes.popitem()[1]
    return hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in hashes.items()).encode()).hexdigest()


def weights_size(folder: Path) -> int:
    """Return how many bytes a model's weights have."""
    return sum(file.stat().st_size for file in folder.glob(_WEIGHTS))
