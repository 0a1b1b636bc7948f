"""Read the text of a PDF page by page."""

import re
from collections.abc import Iterable
from pathlib import Path

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from jobs.retrieval.formats.seen import Seen, refuse_long, visible
from storage.errors import TooLarge, UnreadableFile

MOST_PAGES = 2_000

_NAMED_PAGES = 5
_RECOGNISE = "Let a scanner's program recognise the text (OCR), save that PDF and add it."
_BROKEN_WORD = re.compile(r"(?<=[a-zà-ÿ])-\n(?=[a-zà-ÿ])")
_BROKEN_LINE = re.compile(r"(?<![.!?:;\n])\n(?=[a-zà-ÿ(])")
# Everything that pypdf is known to raise for a file that somebody has bent, beside its own errors.
_DAMAGE = (PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError,
           RecursionError, TypeError, ValueError)  # fmt: skip


def read_pdf(path: Path, name: str) -> Seen:
    """Return the text of a PDF and where each page starts; raise UnreadableFile or TooLarge with a sentence."""
    try:
        reader = PdfReader(path)
        _refuse(reader, name)
        return _joined(reader.pages, name)
    except DependencyError as error:
        raise _locked(name) from error
    except _DAMAGE as error:
        raise UnreadableFile(
            f"{name} is damaged: its pages can't be read.", "Open it, save it as PDF again and add that file."
        ) from error


def _refuse(reader: PdfReader, name: str) -> None:
    if reader.is_encrypted and not reader.decrypt(""):
        raise _locked(name)
    pages = len(reader.pages)
    if not pages:
        raise UnreadableFile(f"{name} has no pages: 0 words found.", "Choose a file that holds text.")
    if pages > MOST_PAGES:
        raise TooLarge(f"{name} has {pages:,} pages; {MOST_PAGES:,} are allowed.")


def _locked(name: str) -> UnreadableFile:
    return UnreadableFile(f"{name} is locked with a password.", "Save a copy without a password and add that file.")


def _joined(pages: Iterable[PageObject], name: str) -> Seen:
    seen, pictures = Seen(""), list[int]()
    texts: list[str] = []
    length = 0
    for number, page in enumerate(pages, 1):
        text = _unwrapped(visible(page.extract_text(), seen.hidden)).strip()
        if not text and _has_picture(page):
            pictures.append(number)
        seen.pages.append(length)
        texts.append(text + "\n\n")
        length += len(texts[-1])
        refuse_long(length, name)
    seen.text = "".join(texts)
    if not seen.text.strip():
        raise UnreadableFile(f"{name} has pictures of text only: 0 words found.", _RECOGNISE)
    if pictures:
        seen.notes.append(_pictured(pictures))
    return seen


def _has_picture(page: PageObject) -> bool:
    return "/XObject" in (page.get("/Resources") or {})


def _pictured(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:_NAMED_PAGES]))
    more = f" and {len(numbers) - _NAMED_PAGES} more" if len(numbers) > _NAMED_PAGES else ""
    pages = f"Page {shown} is a picture" if len(numbers) == 1 else f"Pages {shown}{more} are pictures"
    return f"{pages} without text, so nothing of it can be found. {_RECOGNISE}"


def _unwrapped(page: str) -> str:
    """Join the lines that the page's width has broken."""
    return _BROKEN_LINE.sub(" ", _BROKEN_WORD.sub("", page))
