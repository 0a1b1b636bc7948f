"""What would be on the disk if the power failed at any moment: only what was synced, in the order it was."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


class Disk:
    """Watches every sync and rename below a folder; before and after each, `look` may rebuild what would be left.

    A file holds what it held when it was last synced, or nothing; a folder names what it named then. Names may also
    reach the disk earlier than asked for, so a second form has them all, with the contents still as synced.
    """

    def __init__(self, root: Path, patched: pytest.MonkeyPatch) -> None:
        self.cuts = 0
        self.look: Callable[[], None] = lambda: None
        self._root = root
        self._contents: dict[int, bytes] = {}
        self._names: dict[int, dict[str, int]] = {root.stat().st_ino: _entries(root)}
        for name in ("fsync", "rename", "replace"):
            patched.setattr(os, name, self._cutting(getattr(os, name), synced=name == "fsync"))

    def cut(self) -> None:
        """The power fails here."""
        self.cuts += 1
        self.look()

    def rebuild(self, target: Path, *, all_names: bool) -> None:
        """Write into `target` what would be left of the folder."""
        self._rebuild(self._root, target, all_names)

    def _rebuild(self, source: Path, target: Path, all_names: bool) -> None:
        target.mkdir()
        number = source.stat().st_ino
        there = {entry.inode(): Path(entry.path) for entry in _walk(self._root)}
        names = _entries(source) if all_names else self._names.get(number, {})
        for name, inode in names.items():
            now = there.get(inode)
            if now is not None and now.is_dir():
                self._rebuild(now, target / name, all_names)
            elif now is not None or inode in self._contents:
                (target / name).write_bytes(self._contents.get(inode, b""))

    def _cutting(self, real: Callable[..., Any], *, synced: bool) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            self.cut()
            result = real(*given, **named)
            if synced:
                self._keep(given[0])
            self.cut()
            return result

        return call

    def _keep(self, handle: int) -> None:
        facts, path = os.fstat(handle), Path(f"/proc/self/fd/{handle}").readlink()
        if stat.S_ISDIR(facts.st_mode):
            self._names[facts.st_ino] = _entries(path)
        else:
            self._contents[facts.st_ino] = path.read_bytes()


def _entries(folder: Path) -> dict[str, int]:
    with os.scandir(folder) as entries:
        return {entry.name: entry.inode() for entry in entries}


def _walk(folder: Path) -> list["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        found = list(entries)
    return [*found, *(deeper for entry in found if entry.is_dir() for deeper in _walk(Path(entry.path)))]
