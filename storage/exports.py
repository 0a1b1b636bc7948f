"""Whole models in the home itself, written once and then downloaded: they are no part of a backup, but made anew."""

from pathlib import Path
from typing import Literal, get_args

from storage.files import remove_tree

FOLDER = "exports"
Whole = Literal["merged", "gguf"]
WHOLE: tuple[Whole, ...] = get_args(Whole)


def kept_folder(home: Path, adapter_id: str, form: str) -> Path:
    """Return the folder in which an adapter's whole model is kept in this form; it need not be there."""
    return home / FOLDER / f"{adapter_id}-{form}"


def kept_forms(home: Path, adapter_id: str) -> tuple[Whole, ...]:
    """Return in which forms an adapter's whole model lies there to be downloaded."""
    return tuple(form for form in WHOLE if kept_folder(home, adapter_id, form).is_dir())


def forget(home: Path, adapter_id: str, form: str) -> None:
    """Remove what was written, if it is there."""
    remove_tree(kept_folder(home, adapter_id, form))
