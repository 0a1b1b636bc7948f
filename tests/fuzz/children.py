"""Read many files in one limited child: the limits are the real ones, only the start is shared."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jobs.intake.readers.reading import pieces_of
from jobs.retrieval.extracting import contents, extract
from storage.errors import TriptychError
from tests.peak import peak_mb


def outcomes(paths: list[str], documents: bool = False) -> Iterator[dict[str, Any]]:
    """Yield how each file ends, read as a table or as a document, with its seconds and the most memory so far."""
    for path in paths:
        begun = time.monotonic()
        try:
            ended = _document(path) if documents else _table(path)
        except TriptychError as error:
            ended = "sentence" if str(error) and error.next_step else "no sentence"
        except MemoryError:
            ended = "memory"
        except BaseException as error:  # noqa: BLE001 - a fault of any kind is what is looked for
            ended = f"{type(error).__name__}: {error}"
        yield {"path": path, "ended": ended, "seconds": time.monotonic() - begun, "peak_mb": peak_mb()}


def _table(path: str) -> str:
    *_, known = pieces_of(path, Path(path).name)
    return "table" if known["rows"] else "no rows"


def _document(path: str) -> str:
    name = Path(path).name
    for place, _ in contents(path, name) or [(None, name)]:
        found = extract(path, name, place)
        if not found["text"].strip():
            return "no text"
        if any(found["text"][start:end] != found["text"][start:end].strip() for start, end, _ in found["rows"]):
            return "a row that is not where it is said to be"
    return "text"
