"""Where files lie that were uploaded to a page, which clears them away after a while."""

from pathlib import Path
from typing import Any

from storage.errors import UserFault
from storage.uploads import shown_name
from studio.wording import documents, uploads


def uploaded(value: Any) -> Path:
    """Return where an uploaded file lies; raise UserFault where none was chosen, or it has been cleared away since."""
    if not value:
        raise UserFault("No file was chosen yet.", "Choose one first.")
    return _still_here(Path(value))


def files_of(value: Any) -> list[Path]:
    """Return where the uploaded files lie, at least one; raise UserFault where none was chosen or one is gone."""
    if not value:
        raise UserFault(documents.CHOOSE_FILES, "Choose one or more first.")
    return [_still_here(Path(path)) for path in value]


def _still_here(file: Path) -> Path:
    if not file.is_file():
        raise UserFault(uploads.CLEARED_AWAY.format(name=shown_name(file)), uploads.CHOOSE_AGAIN)
    return file
