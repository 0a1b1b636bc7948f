"""Tables of test questions noted in a small file beside their upload, as it was before they had versions."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from storage.question_sets import QuestionSets
from storage.records import Json

_ENDING = ".questions.json"


def adopt_kept_tables(home: Path, sets: QuestionSets) -> None:
    """Keep every table that is noted so as a version of its name, the oldest first, and take its note away."""
    for path, noted in sorted(_notes(home), key=lambda one: one[1]["created_at"]):
        if (home / noted["source"]).is_file():
            sets.keep(noted["name"], noted["source"], questions=noted["questions"], sha256=noted["sha256"])
        path.unlink(missing_ok=True)


def _notes(home: Path) -> Iterator[tuple[Path, Json]]:
    for path in (home / "uploads").glob(f"[!.]*{_ENDING}"):
        with suppress(FileNotFoundError):  # another part that starts has just adopted it
            yield path, json.loads(path.read_bytes())
