"""Models that lie on this computer, complete, with the hash of their weights."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from jobs.models.catalogue import WheelSource
from jobs.models.own import known_model
from jobs.models.shapes import WEIGHTS
from storage.errors import Missing, NotAllowed
from storage.files import MANIFEST, sha256_of


@dataclass(frozen=True, slots=True)
class Check:
    """What came of trying a model out: `reason` says why it can't be used; `learned` is None where it wasn't taught."""

    ok: bool
    learned: bool | None
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class Installed:
    """One fetched model: `folder` holds config, tokenizer and weights; `sha256` is the hash of the weights' bytes.

    `check` is None where nobody has tried it out. What comes with this product needs no trial here: its bytes are those
    that the tests use.
    """

    id: str
    folder: Path
    sha256: str
    check: Check | None = None

    @property
    def usable(self) -> bool:
        """Whether it may be offered."""
        return self.check is not None and self.check.ok


def installed(models: Path, model_id: str) -> Installed | None:
    """Return the model when it is complete (manifest there, every file of its size), else None; raise NotFound.

    Hashes are not computed again here; `storage.files.read_manifest` does that.
    """
    model = known_model(models, model_id)
    folder = models.expanduser() / model.id
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        sizes = {listed["name"]: listed["size"] for listed in manifest["files"]}
        complete = all((folder / name).stat().st_size == size for name, size in sizes.items())
        check = Check(**manifest["check"]) if "check" in manifest else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if check is None and isinstance(model.source, WheelSource):
        check = Check(True, True, "", 0.0)
    return Installed(model_id, folder, manifest["base_sha256"], check) if complete else None


def require(models: Path, model_id: str) -> Installed:
    """Return the model when it is complete; raise Missing with what to do, NotAllowed where a trial ruled it out."""
    found = installed(models, model_id)
    title = known_model(models, model_id).title
    if found is None:
        raise Missing(
            f"The model {title!r} is not on this computer yet.",
            f"Fetch it: run `triptych models fetch {model_id}`.",
        )
    if found.check is not None and not found.check.ok:
        raise NotAllowed(
            f"The model {title!r} can't be used: {found.check.reason}",
            f"Choose another one, or try it once more: run `triptych models check {model_id}`.",
        )
    return found


def weights_sha256(folder: Path) -> str:
    """Return the hash of a model's weights: of the one file's bytes, or of the list of its parts' hashes."""
    hashes = {file.name: sha256_of(file) for file in sorted(folder.glob(WEIGHTS))}
    if len(hashes) == 1:
        return hashes.popitem()[1]
    return hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in hashes.items()).encode()).hexdigest()


def weights_size(folder: Path) -> int:
    """Return how many bytes a model's weights have."""
    return sum(file.stat().st_size for file in folder.glob(WEIGHTS))
