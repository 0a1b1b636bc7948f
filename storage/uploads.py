"""Files that people brought, kept below home under a name of ours, so that no name of theirs is ever a path."""

import shutil
import unicodedata
import uuid
from pathlib import Path

from storage.errors import UnreadableFile
from storage.files import sync_file, sync_folder
from storage.workspace import Workspace

_LONGEST_NAME = 128


def keep_upload(workspace: Workspace, file: Path) -> str:
    """Copy `file` into the home's uploads and return its path relative to home; raise UnreadableFile where it can't."""
    folder = workspace.folder("uploads")
    kept = folder / f"{uuid.uuid4()}{file.suffix.lower()[:16]}"
    try:
        kept.touch(mode=0o600)
        with file.open("rb") as source, kept.open("wb") as target:
            shutil.copyfileobj(source, target)
    except OSError as error:
        kept.unlink(missing_ok=True)
        raise UnreadableFile(f"{file.name} can't be read: {error.strerror}.", "Check its name and place.") from error
    sync_file(kept)
    sync_folder(folder)
    return str(kept.relative_to(workspace.home))


def existing(file: Path) -> Path:
    """Return the path with `~` resolved; raise UnreadableFile where no file is there."""
    found = file.expanduser()
    if not found.is_file():
        raise UnreadableFile(f"There is no file {file}.", "Check its name and place.")
    return found


def shown_name(file: Path) -> str:
    """Return the file's name as people see it: without folders, composed letters, at most 128 characters."""
    name = unicodedata.normalize("NFC", file.name)
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - len(file.suffix)] + file.suffix
