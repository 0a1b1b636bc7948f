"""Open a ZIP container (Excel, OpenDocument or a plain ZIP) within limits that no honest file reaches."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from storage.errors import TooLarge, UnreadableFile

MOST_MEMBERS = 1000
MOST_UNPACKED_BYTES = 200 * 1024 * 1024
MOST_RATIO = 100

_HONEST_BYTES = 1024 * 1024
_CHUNK = 256 * 1024
_LOCKED = 1
_SMALLER = "Save the rows that you need as CSV UTF-8 and upload that file."
_SAVE_AGAIN = "Open it, save it again and upload the new file."
# Everything that the zipfile module is known to raise for a file that somebody has bent.
_DAMAGE = (
    BadZipFile,
    EOFError,
    KeyError,
    LZMAError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)


@contextmanager
def opened(path: Path, name: str, smaller: str = _SMALLER, again: str = _SAVE_AGAIN) -> Iterator[ZipFile]:
    """Open the container at `path`; whatever is damaged in it, then or later, is told in a sentence.

    Raises TooLarge for more members, more text or tighter packing than an honest file has. `smaller` and `again` are
    the next steps for what is too large and for what is damaged.
    """
    try:
        with ZipFile(path) as archive:
            _refuse_bombs(archive, path.stat().st_size, name, smaller)
            yield archive
    except _DAMAGE as error:
        raise UnreadableFile(f"{name} is damaged: what is packed in it can't be taken out.", again) from error


def chunks(archive: ZipFile, member: ZipInfo) -> Iterator[bytes]:
    """Yield what a member holds, piece by piece. Read to its end, its size is what the container says."""
    with archive.open(member) as stream:
        while piece := stream.read(_CHUNK):
            yield piece


def _refuse_bombs(archive: ZipFile, size: int, name: str, smaller: str) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS:
        raise TooLarge(f"{name} holds {len(members):,} packed files; {MOST_MEMBERS:,} is the most.", smaller)
    if unpacked > MOST_UNPACKED_BYTES:
        most = MOST_UNPACKED_BYTES // 1024**2
        raise TooLarge(f"{name} would unpack to {unpacked / 1024**2:,.0f} MB; {most} MB is the most.", smaller)
    if unpacked > max(size * MOST_RATIO, _HONEST_BYTES):
        raise TooLarge(f"{name} would unpack to {unpacked / max(size, 1):,.0f} times its size.", smaller)
    if any(member.flag_bits & _LOCKED for member in members):
        raise UnreadableFile(f"{name} is locked with a password.", "Save a copy without a password and upload that.")
