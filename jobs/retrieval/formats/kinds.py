"""Tell from its bytes what a document is, and where these are plain text from its name."""

import re
from pathlib import Path
from typing import Literal
from zipfile import is_zipfile

from jobs.intake.readers.archives import opened
from storage.errors import UnreadableFile

Kind = Literal["pdf", "word", "workbook", "zip", "web page", "table", "text"]

SAVE_AS = "Save it as PDF, Markdown or plain text and add that file."

_TABLES = frozenset({".csv", ".tsv", ".tab"})
_WEB_PAGES = frozenset({".html", ".htm", ".xhtml"})
_WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html)\b", re.I | re.S
)
_MAGIC = (
    (b"\xd0\xcf\x11\xe0", "an older Word or Excel file, or one locked with a password"),
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
_HEAD_BYTES = 4096
_SHEETS = b"application/vnd.oasis.opendocument.spreadsheet"


def kind_of(path: Path, name: str) -> Kind:
    """Return what the file is; raise UnreadableFile, naming what it is, where no text can be had from it."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _packed_kind(path, name)
    for start, what in _MAGIC:
        if head.startswith(start):
            raise UnreadableFile(f"{name} is {what}, not a document that is read here.", SAVE_AS)
    suffix = Path(name).suffix.lower()
    if suffix in _WEB_PAGES or _WEB_PAGE.match(head):
        return "web page"
    return "table" if suffix in _TABLES else "text"


def _packed_kind(path: Path, name: str) -> Kind:
    if not is_zipfile(path):
        raise UnreadableFile(f"{name} is a Word, Excel or zip file that is damaged.", SAVE_AS)
    with opened(path, name, smaller="Split it into smaller files and add those.", again=SAVE_AS) as archive:
        names = archive.namelist()
        if any(one.startswith("xl/") for one in names):
            return "workbook"
        if any(one.startswith("word/") for one in names):
            return "word"
        if "mimetype" in names:
            with archive.open("mimetype") as stream:
                if stream.read(len(_SHEETS)) == _SHEETS:
                    return "workbook"
    if any(one.startswith("ppt/") for one in names) or {"mimetype", "content.xml"} <= set(names):
        raise UnreadableFile(f"{name} is a presentation or an OpenDocument text.", SAVE_AS)
    return "zip"
