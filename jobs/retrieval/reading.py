"""Read an uploaded document as text, in a limited child process, whatever is in the file."""

from dataclasses import dataclass
from pathlib import Path

from jobs.intake.limited import run_limited


@dataclass(frozen=True, slots=True)
class Text:
    """A document's visible text; `pages` says where each page of a PDF starts in it."""

    text: str
    pages: tuple[int, ...] = ()


def read_document(path: Path, name: str) -> Text:
    """Return the text of a PDF, Markdown or text file.

    Raises UnreadableFile or TooLarge, each with a sentence that names the file as it was uploaded.
    """
    found = run_limited("jobs.retrieval.extracting:extract", str(path), name, name=name)
    return Text(found["text"], tuple(found["pages"]))
