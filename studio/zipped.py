"""A folder as one zip that is made while it is sent: nothing of it is written anywhere, however large it is."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

_CHUNK = 1024 * 1024


class _Sent(io.RawIOBase):
    """Holds what was written until it is taken. It can't be gone back in, which tells zipfile to do without that."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """It takes bytes."""
        return True

    def write(self, data: object, /) -> int:
        """Hold some bytes and return how many."""
        part = bytes(data)  # pyright: ignore[reportArgumentType] - any buffer
        self._parts.append(part)
        return len(part)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def zipped(folder: Path) -> Iterator[bytes]:
    """Yield a zip of the files in a folder, in order of their names, stored as they are. Raises OSError within."""
    sent = _Sent()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(path for path in folder.iterdir() if path.is_file()):
            with path.open("rb") as source, archive.open(zipfile.ZipInfo(path.name), "w", force_zip64=True) as member:
                while chunk := source.read(_CHUNK):
                    member.write(chunk)
                    yield sent.taken()
    yield sent.taken()
