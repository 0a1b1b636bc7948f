"""The documents that are packed in one ZIP file."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from zipfile import ZipFile, ZipInfo

from jobs.intake.readers.archives import chunks, opened
from jobs.intake.sizes import refuse_large
from storage.errors import UnreadableFile

_LONGEST_NAME = 128
_UNPACK = "Unpack it and add the files that are inside."


def packed_names(path: Path, name: str) -> list[tuple[int, str]]:
    """Return the place and the name, folders included, of each document in the ZIP; raise UnreadableFile or TooLarge.

    What operating systems add of their own is left out.
    """
    with opened(path, name, smaller=_UNPACK, again=_UNPACK) as archive:
        found = [(place, _shown(member)) for place, member in enumerate(archive.infolist()) if _is_document(member)]
    if not found:
        raise UnreadableFile(f"{name} is a packed file (ZIP) without a document in it.", _UNPACK)
    return found


@contextmanager
def unpacked(path: Path, name: str, place: int) -> Iterator[Path]:
    """Give the document at this place of the ZIP as a file of its own."""
    with TemporaryDirectory(dir=Path.cwd()) as folder:
        target = Path(folder) / "unpacked"
        with opened(path, name, smaller=_UNPACK, again=_UNPACK) as archive:
            _take_out(archive, archive.infolist()[place], target)
        yield target


def _take_out(archive: ZipFile, member: ZipInfo, target: Path) -> None:
    refuse_large(member.file_size, _shown(member))
    with target.open("wb") as stream:
        stream.writelines(chunks(archive, member))


def _is_document(member: ZipInfo) -> bool:
    hidden = member.filename.startswith("__MACOSX/") or PurePosixPath(member.filename).name.startswith(".")
    return not (member.filename.endswith("/") or hidden)


def _shown(member: ZipInfo) -> str:
    """Return the name as people see it; it is never used as a path."""
    parts = [part for part in PurePosixPath(member.filename.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    letters = unicodedata.normalize("NFC", "/".join(parts))
    return "".join(letter for letter in letters if letter.isprintable())[-_LONGEST_NAME:] or "document"
