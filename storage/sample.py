"""The sample company of a home: whether it is open, since when, and the folder with what belongs to it."""

import json
from pathlib import Path

from storage.errors import Damaged
from storage.files import write_atomically

_FOLDER = "sample"
_MARKER = "opened.json"


def sample_folder(home: Path) -> Path:
    """Return the folder of the sample company; it is there only while the sample is open."""
    return home.expanduser() / _FOLDER


def sample_is_open(home: Path) -> bool:
    """Whether the sample company is open in this home."""
    return (sample_folder(home) / _MARKER).is_file()


def opened_at(home: Path) -> float | None:
    """Return when the sample was opened, None where it is not open; raise Damaged where that can't be read."""
    try:
        return float(json.loads((sample_folder(home) / _MARKER).read_bytes())["at"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged("The note that the sample company is open can't be read.", "Open the sample again.") from error


def mark_opened(home: Path, at: float) -> None:
    """Keep that the sample was opened at `at` (epoch seconds), the moment from which its orders move on."""
    sample_folder(home).mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomically(sample_folder(home) / _MARKER, json.dumps({"at": at}).encode())
