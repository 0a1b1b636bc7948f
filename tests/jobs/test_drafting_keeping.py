"""Kept drafts become examples that name their passage, in a new dataset or in the next version of one."""

import pytest

from jobs.drafting.keeping import keep_drafts_as_examples
from jobs.intake.splits import with_parts
from jobs.requests import Draft
from storage.drafts import DraftPair
from storage.errors import NotFound, UserFault
from storage.records import Example
from storage.workspace import Workspace
from tests.claimed import claimed_context


@pytest.fixture
def drafts(workspace: Workspace) -> list[str]:
    """Twelve drafts, all but the last of them kept."""
    context = claimed_context(workspace, Draft(collection="Manuals"))
    made = [
        DraftPair(f"id-{nr}", context.job.id, "Manuals", "a.md", nr, nr + 9, "x", f"Why {nr}?", f"So {nr}.", float(nr))
        for nr in range(12)
    ]
    context.keep_drafts(made, 1, {"document": "a.md", "start": 0, "end": 9, "drafted": 12, "unusable": {}})
    for pair in made[:-1]:
        workspace.drafts.decide(pair.id, "kept")
    return [pair.id for pair in made]


def test_a_new_dataset_is_made_of_them(workspace: Workspace, drafts: list[str]) -> None:
    workspace.drafts.decide(drafts[0], "kept", answer="So it is.")
    made = keep_drafts_as_examples(workspace, "FAQ", drafts[:-1])
    assert (made.name, made.version, made.rows, made.used) == ("FAQ", 1, 11, 11)
    assert (made.source, made.origin) == ("drafts:Manuals", {"added": 11})
    rows = workspace.datasets.examples(made.id)
    assert rows == with_parts(rows, 0.2)
    assert (rows[0].question, rows[0].answer, rows[0].origin) == ("Why 0?", "So it is.", "passage:Manuals/a.md#0-9")
    assert [row.row for row in rows] == list(range(1, 12))


def test_they_are_added_to_what_there_is_once(workspace: Workspace, drafts: list[str]) -> None:
    old = with_parts([Example(1, "why 3", "So 3."), Example(2, "Who?", "She."), Example(3, "Why 4?", "No.")], 0.0)
    first = workspace.datasets.keep("FAQ", old, rows=3, columns={}, dropped=(), source="faq.csv")
    made = keep_drafts_as_examples(workspace, "FAQ", drafts[2:6])
    assert (made.version, made.used) == (2, 6)
    assert made.origin == {"from": first.id, "edited": 0, "added": 3, "deleted": 0}
    rows = workspace.datasets.examples(made.id)
    assert rows[:3] == old
    assert [(row.row, row.question, row.origin) for row in rows[3:]] == [
        (4, "Why 2?", "passage:Manuals/a.md#2-11"),
        (5, "Why 4?", "passage:Manuals/a.md#4-13"),
        (6, "Why 5?", "passage:Manuals/a.md#5-14"),
    ]
    with pytest.raises(UserFault, match="nothing that is not in 'FAQ' already"):
        keep_drafts_as_examples(workspace, "FAQ", drafts[2:6])
    assert len(workspace.datasets.list()) == 2


def test_what_was_not_kept_becomes_no_example(workspace: Workspace, drafts: list[str]) -> None:
    with pytest.raises(UserFault, match="not kept"):
        keep_drafts_as_examples(workspace, "FAQ", drafts)
    with pytest.raises(NotFound):
        keep_drafts_as_examples(workspace, "FAQ", [*drafts[:2], "gone"])
    with pytest.raises(UserFault, match="nothing"):
        keep_drafts_as_examples(workspace, "FAQ", [])
    assert workspace.datasets.list() == []
