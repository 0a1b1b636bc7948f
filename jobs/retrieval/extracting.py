"""Get the text out of one uploaded document, or out of one of those packed in it; runs in a limited child process."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from jobs.intake.encodings import encoding_of
from jobs.retrieval.formats.kinds import SAVE_AS, kind_of
from jobs.retrieval.formats.packed import packed_names, unpacked
from jobs.retrieval.formats.seen import Seen, refuse_long, told, visible
from storage.errors import TriptychError, UnreadableFile

# Named and not imported: most files are text, and some readers bring libraries.
_READERS = {
    "pdf": "jobs.retrieval.formats.pdf:read_pdf",
    "word": "jobs.retrieval.formats.word:read_word",
    "workbook": "jobs.retrieval.formats.tables:read_workbook",
    "table": "jobs.retrieval.formats.tables:read_text_table",
    "web page": "jobs.retrieval.formats.web_page:read_web_page",
}
# What is read without a library.
_QUICK = frozenset({"text", "table", "web page"})


def contents(path: str, name: str) -> list[tuple[int, str]]:
    """Return the place and the name of each document that is packed in a ZIP file; none where it is a document itself.

    Raises UnreadableFile or TooLarge with a sentence that names the file.
    """
    file = Path(path)
    return packed_names(file, name) if kind_of(file, name) == "zip" else []


def extract(path: str, name: str, place: int | None = None) -> dict[str, Any]:
    """Return {text, pages, rows, notes, sha256}: the visible text of the file, or of what lies at `place` in a ZIP.

    `pages` says where in the text each page of a PDF starts, `rows` where each row of a table lies. Raises
    UnreadableFile or TooLarge with a sentence that names the document.
    """
    with _file(path, name, place) as file:
        return _extracted(file, name)


def extract_texts(documents: Sequence[tuple[str, str, int | None]]) -> Iterator[dict[str, Any] | None]:
    """Yield what `extract` returns of each (path, name, place) that is quickly read; None for what it would refuse."""
    for path, name, place in documents:
        try:
            with _file(path, name, place) as file:
                yield _extracted(file, name) if kind_of(file, name) in _QUICK else None
        except TriptychError:
            yield None


def _file(path: str, name: str, place: int | None) -> AbstractContextManager[Path]:
    return nullcontext(Path(path)) if place is None else unpacked(Path(path), name, place)


def _extracted(file: Path, name: str) -> dict[str, Any]:
    kind = kind_of(file, name)
    if kind == "zip":
        raise UnreadableFile(f"{name} is packed once more.", "Unpack it and add the files that are inside.")
    seen = _reader(kind)(file, name)
    if not seen.text.strip():
        raise UnreadableFile(f"{name} is empty: 0 words found.", "Choose a file that holds text.")
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    notes = [*told(seen.hidden), *seen.notes]
    return {"text": seen.text, "pages": seen.pages, "rows": seen.rows, "notes": notes, "sha256": sha256}


def _reader(kind: str) -> Callable[[Path, str], Seen]:
    if kind == "text":
        return _plain
    module, _, function = _READERS[kind].partition(":")
    return getattr(import_module(module), function)


def _plain(file: Path, name: str) -> Seen:
    codec, note = encoding_of(file, name)
    text = file.read_bytes().decode(codec)
    if text.count("\x00") > len(text) / 100:
        raise UnreadableFile(f"{name} is not a text file.", SAVE_AS)
    refuse_long(len(text), name)
    seen = Seen("", notes=[note] if note else [])
    seen.text = visible(text, seen.hidden)
    return seen
