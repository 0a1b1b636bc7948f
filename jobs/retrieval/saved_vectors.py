"""The vectors that a reading has made so far, on the disk, so that an attempt that is cut off is gone on with."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import numpy as np

from jobs.context import JobContext
from storage.files import remove_tree
from storage.vectors import Vector

_FILE = "vectors"
_KEY_BYTES = 32


class SavedVectors:
    """Vectors of one job by the hash of their text; those of earlier attempts are found again.

    They lie among the checkpoints, where what ended jobs have left is removed.
    """

    def __init__(self, context: JobContext) -> None:
        self._place = context.workspace.folder("checkpoints")
        self._job_id = context.job.id
        self._folder = self._place / f"{context.job.id}-f{context.fence}"
        self._file: IO[bytes] | None = None

    def of(self, embedder: str) -> dict[bytes, Vector]:
        """Return what earlier attempts have made with this embedder."""
        found: dict[bytes, Vector] = {}
        for folder in self._place.glob(f"{self._job_id}-f*"):
            if (folder / _FILE).is_file():
                found.update(_records(folder / _FILE, embedder))
        return found

    def keep(self, embedder: str, made: Mapping[bytes, Vector]) -> None:
        """Add vectors, each as long as the first."""
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = (self._folder / _FILE).open("wb")
            size = len(next(iter(made.values())))
            self._file.write(json.dumps({"embedder": embedder, "size": size}).encode() + b"\n")
        for key, vector in made.items():
            self._file.write(key + np.asarray(vector, dtype="<f4").tobytes())
        self._file.flush()

    def close(self) -> None:
        """Write no more; what was saved stays for a later attempt."""
        if self._file is not None:
            self._file.close()

    def remove(self) -> None:
        """Forget everything: the job has come to its end."""
        self.close()
        for folder in self._place.glob(f"{self._job_id}-f*"):
            remove_tree(folder)


def _records(file: Path, embedder: str) -> Iterator[tuple[bytes, Vector]]:
    """Yield the whole records; a last one that was cut off is left out."""
    with file.open("rb") as stream:
        head = stream.readline()
        known = json.loads(head) if head.endswith(b"\n") else {}
        if known.get("embedder") != embedder:
            return
        length = _KEY_BYTES + 4 * known["size"]
        while len(record := stream.read(length)) == length:
            yield record[:_KEY_BYTES], np.frombuffer(record[_KEY_BYTES:], dtype="<f4")
