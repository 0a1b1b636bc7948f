"""Bringing a model of one's own: a folder with safetensors, or a GGUF file, copied or converted and written down."""

import re
import shutil
import tempfile
from dataclasses import asdict
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

from jobs.models.catalogue import ModelEntry
from jobs.models.downloading import Progress
from jobs.models.installed import weights_sha256
from jobs.models.listing import WANTED
from jobs.models.own import OWN, known_model, known_models
from jobs.models.placing import alone, convert
from jobs.models.shapes import WEIGHTS, UnsupportedModel, read_config, read_shape
from storage.errors import Missing, NoSpace
from storage.files import publish, remove_tree

_MAGIC = b"GGUF"
_TOKENIZER = "tokenizer.json"
_LONGEST_NAME = 80
# A packed file grows to two bytes a weight; the most that is usual is 4 bits a weight.
_GROWS = 4
_CHUNK = 16 * 1024 * 1024


def bring(source: Path, models: Path, name: str, progress: Progress) -> ModelEntry:
    """Copy the model in `source` (or convert it, where it is a GGUF file) into `models` and return its entry.

    Only configuration, tokenizer and safetensors are taken: neither pickles nor code. `progress` is called with
    ("copy", bytes, of) and ("convert", 0 or 1, 1). Raises Missing, UnsupportedModel, Damaged, NoSpace or Unconvertible.
    """
    source, models = source.expanduser(), models.expanduser()
    form = model_form(source)
    title = (name.strip() or (source.name if form == "folder" else source.stem))[:_LONGEST_NAME]
    models.mkdir(parents=True, exist_ok=True)
    with alone(models / ".own.lock"):
        model_id = _free_id(title, models)
        work = Path(tempfile.mkdtemp(prefix=f".{model_id}.tmp", dir=models))
        try:
            kept = work / model_id
            kept.mkdir()
            _fill(kept, source, form, progress)
            own = {"title": title, "came_from": source.name, "form": form, "shape": asdict(read_shape(kept))}
            publish(kept, models / model_id, base_id=model_id, base_sha256=weights_sha256(kept), own=own)
        finally:
            remove_tree(work)
    return known_model(models, model_id)


def _fill(kept: Path, source: Path, form: Literal["folder", "gguf"], progress: Progress) -> None:
    if form == "folder":
        _copy(source, kept, progress)
        return
    _check_space(kept, source.stat().st_size * _GROWS)
    progress("convert", 0, 1)
    convert(source, kept)
    progress("convert", 1, 1)


def model_form(source: Path) -> Literal["folder", "gguf"]:
    """Return what `source` is; raise Missing, UnsupportedModel or Damaged where it is nothing that can be used."""
    if source.is_file():
        with source.open("rb") as stream:
            if stream.read(len(_MAGIC)) == _MAGIC:
                return "gguf"
        raise UnsupportedModel(f"{source.name} is not a GGUF file.", "Choose a GGUF file, or the folder of a model.")
    if not source.is_dir():
        raise Missing(f"There is nothing at {str(source)!r}.", "Choose the folder of a model, or a GGUF file.")
    if (source / "adapter_config.json").is_file():
        raise UnsupportedModel(f"{source.name} holds an adapter, not a model.", "Choose the model it belongs to.")
    read_config(source)
    if not any(source.glob(WEIGHTS)):
        raise UnsupportedModel(
            f"{source.name} holds no model*.safetensors; older forms of weights (.bin, .pt) can hide programs.",
            "Choose the form of this model with safetensors.",
        )
    if not (source / _TOKENIZER).is_file():
        raise UnsupportedModel(f"{source.name} has no {_TOKENIZER}.", "Choose the form of this model with that file.")
    return "folder"


def _copy(source: Path, kept: Path, progress: Progress) -> None:
    files = [path for path in sorted(source.iterdir()) if path.is_file() and _wanted(path.name)]
    size = sum(path.stat().st_size for path in files)
    _check_space(kept, size)
    done = 0
    for path in files:
        with path.open("rb") as stream, (kept / path.name).open("wb") as sink:
            while chunk := stream.read(_CHUNK):
                sink.write(chunk)
                done += len(chunk)
                progress("copy", done, size)


def _wanted(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in WANTED)


def _check_space(folder: Path, needs: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needs:
        raise NoSpace(f"The model needs up to {needs / 1e9:.1f} GB of free disk space; there are {free / 1e9:.1f} GB.")


def _free_id(title: str, models: Path) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or "model"
    taken = {*known_models(models), *(path.name for path in models.glob(f"{OWN}*"))}
    numbered = (f"{OWN}{plain}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (f"{OWN}{plain}", *numbered) if one not in taken)
