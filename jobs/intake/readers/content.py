"""Tell from its bytes what a file is, whatever its name says, and refuse what holds no table with a sentence."""

import re
from pathlib import Path
from typing import Literal
from zipfile import ZipFile

from jobs.intake.readers.archives import opened
from storage.errors import UnreadableFile

Kind = Literal["delimited", "json", "spreadsheet", "parquet", "zip"]

_SAVE_AS = 'Open it, choose "Save as" and the format Excel (.xlsx) or "CSV UTF-8", and upload that file.'
_EXPORT = "Export it as CSV, Excel or JSON from the program that it comes from, and upload that file."
_UNPACK = "Unpack it and upload the file that is inside."
_DOCUMENT = "Add it on the Documents page. Here a table with questions and answers is needed."
_TABLE = "Upload a table with a column of questions and a column of answers."

_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a picture (PNG)", _TABLE),
    (b"\xff\xd8\xff", "a picture (JPEG)", _TABLE),
    (b"GIF8", "a picture (GIF)", _TABLE),
    (b"II*\x00", "a picture (TIFF)", _TABLE),
    (b"MM\x00*", "a picture (TIFF)", _TABLE),
    (b"%PDF-", "a PDF document", _DOCUMENT),
    (b"{\\rtf", "a text document (RTF)", _DOCUMENT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an older Excel or Word file, or one locked with a password", _SAVE_AS),
    (b"\x1f\x8b", "a packed file (gzip)", _UNPACK),
    (b"BZh", "a packed file (bzip2)", _UNPACK),
    (b"\xfd7zXZ\x00", "a packed file (xz)", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a packed file (7-Zip)", _UNPACK),
    (b"Rar!\x1a\x07", "a packed file (RAR)", _UNPACK),
    (b"SQLite format 3\x00", "a database (SQLite)", _TABLE),
    (b"GGUF", "a language model (GGUF)", _TABLE),
    (b"\x7fELF", "a program", _TABLE),
    (b"MZ\x90\x00", "a program", _TABLE),
    (b"ID3", "a sound recording", _TABLE),
    (b"OggS", "a sound recording", _TABLE),
)
_RIFF = {b"WEBP": "a picture (WebP)", b"WAVE": "a sound recording", b"AVI ": "a film"}
_IN_ZIP = (
    ("xl/workbook.bin", "a binary Excel file (XLSB)", _SAVE_AS),
    ("word/", "a Word document", _DOCUMENT),
    ("ppt/", "a PowerPoint file", _DOCUMENT),
)
_OPEN_DOCUMENT_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_WEB_PAGE = re.compile(r"\s*(<!doctype html|<html\b|<\?xml\b)", re.IGNORECASE)
_JSON = re.compile(r"""\s*(\[\s*([\[{"\]]|-?\d|true\b|false\b|null\b)|\{\s*["}])""")
_HEAD_BYTES = 4096


def kind_of(path: Path, name: str) -> Kind:
    """Return what the bytes of `path` are; "delimited" stands for every text, which `kind_of_text` tells apart.

    Raises UnreadableFile, naming what it is, where they hold no table.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise UnreadableFile(f"{name} is empty.", _TABLE)
    if head.startswith(b"PK\x03\x04"):
        with opened(path, name) as archive:
            return _kind_in_zip(archive, name)
    if head.startswith(b"PAR1"):
        return "parquet"
    _refuse_magic(head, name)
    return "delimited"


def kind_of_text(path: Path, name: str, codec: str) -> Kind:
    """Return how the text file in this encoding is written; raise UnreadableFile for a web page."""
    with path.open(encoding=codec) as stream:
        head = stream.read(_HEAD_BYTES)
    if _WEB_PAGE.match(head):
        raise _refused(name, "a web page or XML file", _EXPORT)
    return "json" if _JSON.match(head) else "delimited"


def _refuse_magic(head: bytes, name: str) -> None:
    for start, what, next_step in _KINDS:
        if head.startswith(start):
            raise _refused(name, what, next_step)
    if head.startswith(b"RIFF"):
        raise _refused(name, _RIFF.get(head[8:12], "a sound or film file"), _TABLE)
    if head[4:8] == b"ftyp":
        raise _refused(name, "a film or picture", _TABLE)


def _kind_in_zip(archive: ZipFile, name: str) -> Kind:
    names = archive.namelist()
    for start, what, next_step in _IN_ZIP:
        if any(one.startswith(start) for one in names):
            raise _refused(name, what, next_step)
    if any(one.startswith("xl/") for one in names):
        return "spreadsheet"
    if "content.xml" not in names or "mimetype" not in names:
        return "zip"
    with archive.open("mimetype") as stream:
        if stream.read(len(_OPEN_DOCUMENT_SHEET)) == _OPEN_DOCUMENT_SHEET:
            return "spreadsheet"
    raise _refused(name, "an OpenDocument file without sheets", _DOCUMENT)


def _refused(name: str, what: str, next_step: str) -> UnreadableFile:
    return UnreadableFile(f"{name} is {what}, not a table.", next_step)
