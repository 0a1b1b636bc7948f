"""Read uploaded documents as text, in limited child processes, whatever is in the files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs.intake.limited import run_limited
from storage.errors import TriptychError

_ZIP = b"PK\x03\x04"
# Small files in one process: what stands for their names, and the processor seconds that they may take together.
_TOGETHER, _TOGETHER_S = "small files", 5


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: `text[start:end]`, under the titles of its sheet and its first cell."""

    start: int
    end: int
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A document's visible text.

    `pages` says where each page of a PDF starts in it, `rows` where the rows of a table lie. `notes` are sentences
    about what was left out or guessed; `sha256` is the hash of the document's bytes, empty where it never was a file.
    """

    text: str
    pages: tuple[int, ...] = ()
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document to read: a file, or what lies at `place` in a ZIP file. `name` is what people see."""

    path: Path
    name: str
    place: int | None = None


def documents_in(path: Path, name: str) -> Sequence[Document]:
    """Return the file as a document, or each of those that are packed in it; raise UnreadableFile or TooLarge."""
    with path.open("rb") as stream:
        packed = stream.read(len(_ZIP)) == _ZIP
    found = run_limited("jobs.retrieval.extracting:contents", str(path), name, name=name) if packed else []
    return [Document(path, shown, place) for place, shown in found] or [Document(path, name)]


def read_document(path: Path, name: str, place: int | None = None) -> Text:
    """Return the text of a PDF, Word, HTML, Markdown, text, CSV, Excel or OpenDocument file, or of one within a ZIP.

    Raises UnreadableFile or TooLarge, each with a sentence that names the file as it was uploaded.
    """
    return _text(run_limited("jobs.retrieval.extracting:extract", str(path), name, place, name=name))


def read_texts(documents: Sequence[Document]) -> list[Text | None]:
    """Return the text of plain texts, tables and web pages read in one process; None where one is to be read by itself.

    For small ones, because a process takes longer to start than they take. What is anything else or is refused, and
    all where the process is stopped, comes back as None; nothing is raised for them.
    """
    files = [(str(document.path), document.name, document.place) for document in documents]
    try:
        found = run_limited("jobs.retrieval.extracting:extract_texts", files, name=_TOGETHER, cpu_s=_TOGETHER_S)
    except TriptychError:
        return [None] * len(documents)
    return [_text(one) if one else None for one in found]


def _text(found: Mapping[str, Any]) -> Text:
    rows = tuple(Row(start, end, tuple(titles)) for start, end, titles in found["rows"])
    return Text(found["text"], tuple(found["pages"]), rows, tuple(found["notes"]), found["sha256"])
