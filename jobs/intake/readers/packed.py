"""Take the one file out of a ZIP, to be read as if it had been uploaded itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from zipfile import ZipFile, ZipInfo

from jobs.intake.readers.archives import chunks, opened
from jobs.intake.sizes import refuse_large
from storage.errors import UnreadableFile

_MOST_NAMED = 5
_ONE_ONLY = "Unpack it and upload the one file that you need."


@contextmanager
def unpacked(path: Path, name: str) -> Iterator[tuple[Path, str]]:
    """Give the packed file and what to call it; raise UnreadableFile where there is not exactly one."""
    with TemporaryDirectory(dir=Path.cwd()) as folder:
        target = Path(folder) / "unpacked"
        with opened(path, name) as archive:
            member = _only_file(archive, name)
            refuse_large(member.file_size, name)
            with target.open("wb") as stream:
                stream.writelines(chunks(archive, member))
        yield target, f"{_shown(member)} in {name}"


def _only_file(archive: ZipFile, name: str) -> ZipInfo:
    found = [one for one in archive.infolist() if not one.filename.endswith("/") and not _hidden(one.filename)]
    if not found:
        raise UnreadableFile(f"{name} is a packed file (ZIP) without a file in it.", _ONE_ONLY)
    if len(found) > 1:
        listed = ", ".join(map(_shown, found[:_MOST_NAMED]))
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        raise UnreadableFile(f"{name} is a packed file (ZIP) of {len(found)} files: {listed}{more}.", _ONE_ONLY)
    return found[0]


def _hidden(filename: str) -> bool:
    """Tell what operating systems add from what people pack."""
    return filename.startswith("__MACOSX/") or PurePosixPath(filename).name.startswith(".")


def _shown(member: ZipInfo) -> str:
    return PurePosixPath(member.filename).name[:80]
