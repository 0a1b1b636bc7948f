"""Files that survive a power loss: written, synced, then renamed into place with a manifest of their hashes."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from storage.errors import Damaged
from storage.failpoints import reach

MANIFEST = "MANIFEST.json"
_CHUNK = 1024 * 1024


def sha256_of(path: Path) -> str:
    """Return the hex sha256 of the file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def sync_file(path: Path) -> None:
    """Force the file's bytes to the disk."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def sync_folder(path: Path) -> None:
    """Force the folder's entries (new names, renames) to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace `path` by `data` in one step: a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def write_manifest(folder: Path, **facts: Any) -> str:
    """Write the folder's manifest last and return its sha256.

    The manifest lists name, size and sha256 of every file; if it exists, the folder is complete.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    for path in files:
        sync_file(path)
    listed = [
        {"name": str(path.relative_to(folder)), "size": path.stat().st_size, "sha256": sha256_of(path)}
        for path in files
    ]
    data = json.dumps({**facts, "files": listed}, indent=1, sort_keys=True).encode()
    write_atomically(folder / MANIFEST, data)
    return hashlib.sha256(data).hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest after checking every listed file's size and hash; raise Damaged where one differs."""
    path = folder / MANIFEST
    if not path.is_file():
        raise Damaged(f"{folder.name} has no manifest: it was never completed.")
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
    except ValueError as error:
        raise Damaged(f"The manifest of {folder.name} is not what was saved.") from error
    for entry in manifest["files"]:
        file = folder / entry["name"]
        if not file.is_file() or file.stat().st_size != entry["size"] or sha256_of(file) != entry["sha256"]:
            raise Damaged(f"{entry['name']} in {folder.name} is not what was saved.")
    return manifest


def publish(temporary: Path, target: Path, **facts: Any) -> str:
    """Complete `temporary` with a manifest and rename it to `target`; return the manifest's sha256."""
    reach("publish.write")
    sha256 = write_manifest(temporary, **facts)
    reach("publish.manifest")
    sync_folder(temporary)
    reach("publish.rename")
    temporary.rename(target)
    reach("publish.renamed")
    sync_folder(target.parent)
    return sha256


def folder_size(folder: Path) -> int:
    """Return how many bytes the files in a folder hold; 0 where it is not there."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def remove_tree(folder: Path) -> None:
    """Delete a folder that no row refers to, if it is there."""
    reach("remove.before")
    shutil.rmtree(folder, ignore_errors=True)
