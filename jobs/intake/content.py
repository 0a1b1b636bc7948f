"""Tell from its bytes what a file is, whatever its name says, and refuse what is no table of text with a sentence."""

import re
import zipfile
from pathlib import Path

from storage.errors import UnreadableFile

_SAVE_AS_CSV = 'Open it, choose "Save as" and the format "CSV UTF-8", and upload that file.'
_EXPORT = "Export it as CSV from the program that it comes from, and upload that file."
_UNPACK = "Unpack it and upload the CSV file that is inside."
_DOCUMENT = "Add it on the Documents page. Here a table with questions and answers is needed, saved as CSV."
_TABLE = "Upload a table with a column of questions and a column of answers, saved as CSV."

_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a picture (PNG)", _TABLE),
    (b"\xff\xd8\xff", "a picture (JPEG)", _TABLE),
    (b"GIF8", "a picture (GIF)", _TABLE),
    (b"II*\x00", "a picture (TIFF)", _TABLE),
    (b"MM\x00*", "a picture (TIFF)", _TABLE),
    (b"%PDF-", "a PDF document", _DOCUMENT),
    (b"{\\rtf", "a text document (RTF)", _DOCUMENT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an older Excel or Word file", _SAVE_AS_CSV),
    (b"\x1f\x8b", "a packed file (gzip)", _UNPACK),
    (b"BZh", "a packed file (bzip2)", _UNPACK),
    (b"\xfd7zXZ\x00", "a packed file (xz)", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a packed file (7-Zip)", _UNPACK),
    (b"Rar!\x1a\x07", "a packed file (RAR)", _UNPACK),
    (b"SQLite format 3\x00", "a database (SQLite)", _TABLE),
    (b"PAR1", "a Parquet file", _EXPORT),
    (b"GGUF", "a language model (GGUF)", _TABLE),
    (b"\x7fELF", "a program", _TABLE),
    (b"MZ\x90\x00", "a program", _TABLE),
    (b"ID3", "a sound recording", _TABLE),
    (b"OggS", "a sound recording", _TABLE),
)
_RIFF = {b"WEBP": "a picture (WebP)", b"WAVE": "a sound recording", b"AVI ": "a film"}
_IN_ZIP = (
    ("xl/", "an Excel file", _SAVE_AS_CSV),
    ("word/", "a Word document", _DOCUMENT),
    ("ppt/", "a PowerPoint file", _DOCUMENT),
    ("content.xml", "an OpenDocument file", _SAVE_AS_CSV),
)
_WEB_PAGE = re.compile(rb"\s*(<!doctype html|<html\b|<\?xml\b)", re.IGNORECASE)
_JSON = re.compile(rb'\s*(\[\s*[\[{"]|\{\s*")')
_HEAD_BYTES = 4096


def refuse_what_is_no_table(path: Path, name: str) -> None:
    """Raise UnreadableFile, naming what it is, where the bytes of `path` are no table of text."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise UnreadableFile(f"{name} is empty.", _TABLE)
    what, next_step = _zip(path) if head.startswith(b"PK\x03\x04") else _other(head)
    if what:
        raise UnreadableFile(f"{name} is {what}, not a table saved as CSV.", next_step)


def _other(head: bytes) -> tuple[str, str]:
    for start, what, next_step in _KINDS:
        if head.startswith(start):
            return what, next_step
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], "a sound or film file"), _TABLE
    if head[4:8] == b"ftyp":
        return "a film or picture", _TABLE
    text = head.removeprefix(b"\xef\xbb\xbf")
    if _WEB_PAGE.match(text):
        return "a web page or XML file", _EXPORT
    return ("a JSON file", _EXPORT) if _JSON.match(text) else ("", "")


def _zip(path: Path) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "a damaged packed file (ZIP)", _UNPACK
    for start, what, next_step in _IN_ZIP:
        if any(name.startswith(start) for name in names):
            return what, next_step
    return "a packed file (ZIP)", _UNPACK
