"""Read mutants in limited children and count how they end."""

import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from jobs.intake.formats import read_table
from jobs.intake.limited import run_limited
from jobs.retrieval.reading import documents_in, read_document
from storage.errors import TooLarge, TriptychError
from tests.fuzz.mutating import Mutant

GOOD = frozenset({"table", "text", "sentence", "limit"})
_AT_ONCE = 100


@dataclass
class Judged:
    """How many files ended how; `faults` are those that ended in neither table nor sentence."""

    ended: Counter[str] = field(default_factory=Counter[str])
    documents: bool = False
    faults: list[str] = field(default_factory=list[str])
    slowest_s: float = 0.0
    peak_mb: float = 0.0
    children_lost: int = 0

    def add(self, name: str, ended: str, seconds: float) -> None:
        """Count one file."""
        self.ended[ended if ended in GOOD else "fault"] += 1
        self.slowest_s = max(self.slowest_s, seconds)
        if ended not in GOOD:
            self.faults.append(f"{name}: {ended}")


def judged(mutants: Iterable[Mutant], count: int, keep: Path | None = None, documents: bool = False) -> Judged:
    """Read `count` mutants as tables or as documents; those that end in a fault are written to `keep`."""
    found = Judged(documents=documents)
    for chunk in _chunks(islice(mutants, count)):
        with tempfile.TemporaryDirectory() as folder:
            paths = [_written(Path(folder), number, mutant) for number, mutant in enumerate(chunk)]
            before = len(found.faults)
            _judge(paths, found)
            for fault in found.faults[before:] if keep else ():
                path = Path(folder) / fault.partition(": ")[0]
                (keep / path.name).write_bytes(path.read_bytes())
    return found


def _chunks(mutants: Iterator[Mutant]) -> Iterator[list[Mutant]]:
    while chunk := list(islice(mutants, _AT_ONCE)):
        yield chunk


def _written(folder: Path, number: int, mutant: Mutant) -> str:
    path = folder / f"{number:03}-{mutant.name}"
    path.write_bytes(mutant.data)
    return str(path)


def _judge(paths: list[str], found: Judged) -> None:
    try:
        outcomes = list(run_limited("tests.fuzz.children:outcomes", paths, found.documents, name="the files"))
    except TriptychError:
        # One of them ended the child: each gets a child of its own, as in life.
        found.children_lost += 1
        for path in paths:
            _judge_alone(Path(path), found)
        return
    for one in outcomes:
        ended = "limit" if one["ended"] == "memory" else one["ended"]
        found.add(Path(one["path"]).name, ended, one["seconds"])
        found.peak_mb = max(found.peak_mb, one["peak_mb"])


def _judge_alone(path: Path, found: Judged) -> None:
    begun = time.monotonic()
    try:
        ended = _alone(path, found.documents)
    except TooLarge:
        ended = "limit"
    except TriptychError:
        ended = "sentence"
    found.add(path.name, ended, time.monotonic() - begun)


def _alone(path: Path, documents: bool) -> str:
    if not documents:
        return "table" if len(read_table(path, path.name).rows) else "no rows"
    texts = [read_document(one.path, one.name, one.place) for one in documents_in(path, path.name)]
    return "text" if all(one.text.strip() for one in texts) else "no text"
