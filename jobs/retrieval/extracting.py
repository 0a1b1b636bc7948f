"""Get the text out of one uploaded document; runs in a limited child process."""

import re
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from jobs.intake.encodings import encoding_of
from storage.errors import TooLarge, UnreadableFile

MOST_PAGES = 2_000
MOST_CHARACTERS = 5_000_000

_SAVE_AS = "Save it as PDF, Markdown or plain text and add that file."
_KINDS = (
    (b"PK\x03\x04", "a Word, Excel or zip file"),
    (b"\xd0\xcf\x11\xe0", "an older Word or Excel file"),
    (b"{\\rtf", "a rich text file (RTF)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"\x1f\x8b", "a packed file"),
    (b"7z\xbc\xaf", "a packed file"),
    (b"Rar!", "a packed file"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
# Comments and signs that nobody sees on a page, but a model would read.
_HIDDEN = re.compile(
    "<!--.*?-->|<(script|style)\\b.*?</\\1\\s*>"
    "|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
    "|[\U000e0000-\U000e007f\ufe00-\ufe0f]",
    re.DOTALL | re.IGNORECASE,
)
_BROKEN_WORD = re.compile(r"(?<=[a-zà-ÿ])-\n(?=[a-zà-ÿ])")
_BROKEN_LINE = re.compile(r"(?<![.!?:;\n])\n(?=[a-zà-ÿ(])")


def extract(path: str, name: str) -> dict[str, Any]:
    """Return {text, pages}: the visible text, and for a PDF where in it each page starts.

    Raises UnreadableFile or TooLarge with a sentence that names the file.
    """
    file = Path(path)
    with file.open("rb") as stream:
        head = stream.read(1024)
    if b"%PDF-" in head:
        return _pdf(file, name)
    for start, what in _KINDS:
        if head.startswith(start):
            raise UnreadableFile(f"{name} is {what}, not a PDF, Markdown or text file.", _SAVE_AS)
    text = visible(_decoded(file, name))
    if not text.strip():
        raise UnreadableFile(f"{name} is empty: 0 words found.", "Choose a file that holds text.")
    return {"text": text, "pages": []}


def visible(text: str) -> str:
    """Return the text with plain line ends and without what a reader would not see."""
    return _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _decoded(file: Path, name: str) -> str:
    codec, _note = encoding_of(file, name)
    text = file.read_bytes().decode(codec)
    if text.count("\x00") > len(text) / 100:
        raise UnreadableFile(f"{name} is not a text file.", _SAVE_AS)
    if len(text) > MOST_CHARACTERS:
        raise _too_long(name)
    return text


def _pdf(file: Path, name: str) -> dict[str, Any]:
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile(
                f"{name} is locked with a password.", "Save a copy without a password and add that file."
            )
        if len(reader.pages) > MOST_PAGES:
            raise TooLarge(f"{name} has {len(reader.pages):,} pages; {MOST_PAGES:,} are allowed.")
        return _joined((_unwrapped(visible(page.extract_text())) for page in reader.pages), name)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise UnreadableFile(
            f"{name} is damaged: its pages can't be read.", "Open it, save it as PDF again and add that file."
        ) from error


def _joined(pages: Any, name: str) -> dict[str, Any]:
    text, starts = "", list[int]()
    for page in pages:
        starts.append(len(text))
        text += page.strip() + "\n\n"
        if len(text) > MOST_CHARACTERS:
            raise _too_long(name)
    if not text.strip():
        raise UnreadableFile(
            f"{name} has pictures of text only: 0 words found.",
            "Let a scanner's program recognise the text (OCR), save that PDF and add it.",
        )
    return {"text": text, "pages": starts}


def _unwrapped(page: str) -> str:
    """Join the lines that the page's width has broken."""
    return _BROKEN_LINE.sub(" ", _BROKEN_WORD.sub("", page))


def _too_long(name: str) -> TooLarge:
    return TooLarge(f"{name} holds more than {MOST_CHARACTERS:,} letters.")
