"""The answers behind a scorecard, one JSON line each, in the order in which the questions stand."""

import json
from pathlib import Path

from storage.errors import Damaged
from storage.records import Json, Scorecard
from storage.workspace import Workspace


def answers_file(workspace: Workspace, card: Scorecard) -> Path:
    """Return where the answers of a score lie; raise Damaged where they are gone."""
    path = workspace.home / card.answers_file
    if not path.is_file():
        raise Damaged(f"The answers of this score are gone: {path.name} is missing.")
    return path


def read_answers(workspace: Workspace, card: Scorecard) -> list[Json]:
    """Return the answers of a score; raise Damaged where they are gone."""
    with answers_file(workspace, card).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
