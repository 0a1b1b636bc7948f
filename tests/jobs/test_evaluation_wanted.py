"""The wanted answer to a question: found where it stands exactly, in the newest version, never in a sealed set."""

from pathlib import Path

from jobs.evaluation.tables import keep_test_table
from jobs.evaluation.wanted import wanted_answer
from storage.records import Example
from storage.workspace import Workspace


def keep(workspace: Workspace, name: str, *examples: Example) -> None:
    workspace.datasets.keep(name, examples, rows=len(examples), columns={}, dropped=[], source="faq.csv")


def test_examples_say_what_is_wanted_in_their_newest_version(workspace: Workspace) -> None:
    assert wanted_answer("May I?", workspace) == ""
    keep(workspace, "FAQ", Example(1, "May I?", "Yes."))
    keep(
        workspace, "FAQ",
        Example(1, "May I?", "It depends.", context="A text."),
        Example(2, "May I come?", "No."),
        Example(3, "May  I?", "You may."),
    )  # fmt: skip
    assert wanted_answer("may I?", workspace) == ""
    assert wanted_answer("May I?", workspace) == ""
    keep(workspace, "Other", Example(1, "Something. May I? Please.", "No."), Example(2, "May I?", "Do."))
    assert wanted_answer("May I?", workspace) == "Do."


def test_test_questions_come_first_but_not_while_they_are_sealed(workspace: Workspace, tmp_path: Path) -> None:
    keep(workspace, "FAQ", Example(1, "May I?", "Yes."))
    table = tmp_path / "exam.csv"
    table.write_text("question,answer\nMay I?,Certainly.\n")
    keep_test_table(workspace, table, sealed=True)
    assert wanted_answer("May I?", workspace) == "Yes."
    open_table = tmp_path / "open.csv"
    open_table.write_text("question,answer\nMay I?,Of course.\n")
    kept = keep_test_table(workspace, open_table, sealed=False)
    assert wanted_answer("May I?", workspace) == "Of course."
    (workspace.home / kept.source).unlink()
    assert wanted_answer("May I?", workspace) == "Yes."
