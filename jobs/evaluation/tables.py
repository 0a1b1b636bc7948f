"""Keep a table of test questions, once it is clear that it can be asked."""

from pathlib import Path

from jobs.evaluation.questions import table_questions
from storage.kept_tables import KeptTable, keep_table
from storage.uploads import existing, shown_name
from storage.workspace import Workspace


def keep_test_table(workspace: Workspace, path: Path, name: str = "") -> KeptTable:
    """Keep the table at `path` under `name` (its file's own without one), so that Scores offers it from now on.

    The same table kept again is the one that was kept before. Raises UnreadableFile, or UnusableRows where no row
    holds a question and what is expected of its answer.
    """
    file = existing(path)
    shown = name or shown_name(file)
    return keep_table(workspace, file, shown, len(table_questions(file, shown)))
