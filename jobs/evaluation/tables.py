"""Keep test questions as the next version of a set, once it is clear that they can be asked."""

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from jobs.evaluation.questions import COLUMNS, Cells, table_questions
from storage.files import sha256_of
from storage.question_sets import QuestionSet
from storage.uploads import existing, keep_upload, shown_name
from storage.workspace import Workspace


def keep_test_table(workspace: Workspace, path: Path, name: str = "", *, sealed: bool = False) -> QuestionSet:
    """Keep the table at `path` as the next version of `name` (its file's own without one).

    The same table kept again under a name is the version that was kept before; `sealed` seals it. Raises
    UnreadableFile, or UnusableRows where no row holds a question and what is expected of its answer.
    """
    file = existing(path)
    shown = name or shown_name(file)
    questions = len(table_questions(file, shown))
    with _copied(workspace, file) as source:
        kept = workspace.question_sets.keep(shown, source, questions=questions, sha256=sha256_of(file), sealed=sealed)
        if kept.source != source:
            (workspace.home / source).unlink(missing_ok=True)
    return kept


def keep_rows(workspace: Workspace, before: QuestionSet | str, rows: Iterable[Cells]) -> QuestionSet:
    """Keep these rows as the version after `before`, or as the first one of a name.

    Raises what `keep_test_table` raises, and NotAllowed where there is a later version than `before`.
    """
    with TemporaryDirectory() as folder:
        # Lines of JSON come back letter by letter; of a table for spreadsheets the separator would be guessed.
        file = Path(folder) / "questions.jsonl"
        empty = dict.fromkeys(COLUMNS, "")
        file.write_text("".join(f"{json.dumps({**empty, **row}, ensure_ascii=False)}\n" for row in rows), "utf-8")
        if isinstance(before, str):
            return keep_test_table(workspace, file, before)
        questions = len(table_questions(file, before.name))
        with _copied(workspace, file) as source:
            return workspace.question_sets.follow(before, source, questions=questions, sha256=sha256_of(file))


@contextmanager
def _copied(workspace: Workspace, file: Path) -> Iterator[str]:
    """Give a copy of the file among the uploads, by its path below home; it is deleted where the block fails."""
    source = keep_upload(workspace, file)
    with ExitStack() as undo:
        undo.callback((workspace.home / source).unlink, missing_ok=True)
        yield source
        undo.pop_all()
