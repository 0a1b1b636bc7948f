"""Locks of the kernel on files: held by a process and the children that inherit them, free once all are gone."""

import fcntl
import os
import uuid
from pathlib import Path

from storage.files import write_atomically
from storage.mounts import refuse_network_file_system

JOB_LOCK = "job-"  # followed by the job's id: held while any process of the job lives
_HOST = "host"


class Lock:
    """A held lock; whoever inherits its file descriptor holds it, too."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.descriptor = descriptor

    def release(self) -> None:
        """Close this process's hold; the lock is free once every process that inherited it has ended."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def remove(self) -> None:
        """Delete the file of a lock that nobody will ask for again, and release it."""
        self.path.unlink(missing_ok=True)
        self.release()


class Locks:
    """The locks of one workspace, in its folder `locks`."""

    def __init__(self, folder: Path) -> None:
        """Raise OurFault where the folder lies on a network drive, on which such locks prove nothing."""
        refuse_network_file_system(folder)
        self._folder = folder

    def take(self, name: str) -> Lock | None:
        """Take the lock at once, or return None where a living process holds it."""
        path = self._folder / name
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            lock = Lock(path, descriptor)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.release()
                return None
            if _still_there(path, descriptor):
                return lock
            lock.release()

    def held(self, name: str) -> bool:
        """Whether a living process holds the lock."""
        lock = self.take(name)
        if lock is None:
            return True
        lock.release()
        return False

    def names(self, prefix: str) -> list[str]:
        """Return the names of the lock files that begin with `prefix`."""
        return sorted(path.name for path in self._folder.glob(f"{prefix}*"))

    def host(self) -> str:
        """Return the id of this place: whoever gives the same id can trust these locks, whatever its host name is."""
        path = self._folder / _HOST
        if not path.is_file():
            write_atomically(path, str(uuid.uuid4()).encode())
        return path.read_text()


def _still_there(path: Path, descriptor: int) -> bool:
    """Whether the name still means the file that was locked: another holder may have removed it in between."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return there.st_ino == os.fstat(descriptor).st_ino
