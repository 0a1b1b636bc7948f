"""Changes by hand make the next version: nothing else moves, and nobody's version is written over."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from jobs.intake.editing import ADDED, EDITED, Changes, Texts, edit_dataset
from jobs.intake.splits import with_parts
from storage.errors import NotAllowed, NotFound, UserFault
from storage.records import Dataset, Dropped, Example
from storage.workspace import Workspace

SOURCE = "by hand"


def asked(count: int, start: int = 0) -> list[Example]:
    return [Example(nr, f"What is number {nr}?", f"Number {nr}.") for nr in range(start + 1, start + count + 1)]


def keep(workspace: Workspace, rows: Sequence[Example]) -> Dataset:
    dropped = (Dropped("no answer", 1, (len(rows) + 1,)),)
    columns = {"question": "q", "answer": "a"}
    return workspace.datasets.keep("FAQ", rows, rows=len(rows) + 1, columns=columns, dropped=dropped, source="faq.csv")


@pytest.fixture
def dataset(workspace: Workspace) -> Dataset:
    return keep(workspace, with_parts(asked(200), 0.2))


def by_number(workspace: Workspace, dataset: Dataset) -> dict[int, Example]:
    return {row.row: row for row in workspace.datasets.examples(dataset.id)}


def test_rows_are_edited_added_and_deleted_in_one_new_version(workspace: Workspace, dataset: Dataset) -> None:
    changes = Changes(
        {
            3: Texts(answer="  Three.\r\nIt is odd. "),
            4: Texts(instruction="Be brief.", kind="k" * 80, origin="passage:x"),
        },
        [Example(0, " Why? ", "So."), Example(0, "Who?", "She.", origin="comparison:c:tuned")],
        [5, 6, 7],
    )
    made = edit_dataset(workspace, "FAQ", changes, SOURCE)
    assert (made.version, made.used, made.rows, made.source) == (2, 199, 200, SOURCE)
    assert made.origin == {"from": dataset.id, "edited": 2, "added": 2, "deleted": 3}
    assert (made.columns, made.dropped) == (dataset.columns, dataset.dropped)
    before, after = by_number(workspace, dataset), by_number(workspace, made)
    assert after[3] == replace(before[3], answer="Three.\nIt is odd.", origin=EDITED)
    assert after[4] == replace(before[4], instruction="Be brief.", kind="k" * 64, origin="passage:x")
    assert (after[202].question, after[202].answer, after[202].origin) == ("Why?", "So.", ADDED)
    assert after[203].origin == "comparison:c:tuned"
    assert set(after) == set(before) - {5, 6, 7} | {202, 203}, "the number of a row that was dropped is not given again"
    untouched = set(before) - {3, 4, 5, 6, 7}
    assert all(after[number] == before[number] for number in untouched)
    assert by_number(workspace, dataset) == before


def test_an_exam_question_may_get_another_answer_and_stays_exam(workspace: Workspace, dataset: Dataset) -> None:
    exam = workspace.datasets.examples(dataset.id, "exam")
    made = edit_dataset(workspace, "FAQ", Changes({exam[0].row: Texts(answer="Better.")}), SOURCE)
    assert made.held_out == dataset.held_out
    changed = by_number(workspace, made)[exam[0].row]
    assert (changed.part, changed.answer) == ("exam", "Better.")


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.5])
def test_a_new_question_falls_into_the_part_that_an_upload_would_give_it(workspace: Workspace, share: float) -> None:
    rows, new = with_parts(asked(200), share), asked(60, start=1000)
    kept = keep(workspace, rows)
    uploaded = {row.question: row.part for row in with_parts([*rows, *new], share)}
    made = edit_dataset(workspace, kept.id, Changes({200: Texts("What is number 1060?")}, new[:-1]), SOURCE)
    after = workspace.datasets.examples(made.id)
    assert {row.question: row.part for row in after}.items() <= uploaded.items()
    assert len(after) == 259


def test_a_small_set_keeps_the_rows_that_were_moved(workspace: Workspace) -> None:
    rows = with_parts(asked(4), 0.2)
    keep(workspace, rows)
    made = edit_dataset(workspace, "FAQ", Changes(added=asked(1, start=50)), SOURCE)
    assert [row.part for row in workspace.datasets.examples(made.id)][:4] == [row.part for row in rows]
    without = [row.row for row in rows if row.part == "exam"]
    again = edit_dataset(workspace, "FAQ", Changes(deleted=without), SOURCE)
    assert again.held_out == 1, "an exam that was there is never empty"


def test_a_turn_stays_with_its_conversation(workspace: Workspace) -> None:
    turns = [Example(201 + turn, f"And {turn}?", "Yes.", conversation="talk", turn=turn) for turn in (1, 2, 3)]
    rows = with_parts([*asked(200), *turns], 0.2)
    keep(workspace, rows)
    more = Example(0, "And 4?", "Yes.", conversation="talk", turn=4)
    made = edit_dataset(workspace, "FAQ", Changes({203: Texts("Quite another one?")}, [more]), SOURCE)
    talk = [row for row in workspace.datasets.examples(made.id) if row.conversation]
    assert {row.part for row in talk} == {rows[-1].part}
    assert talk[-1].history == (("And 1?", "Yes."), ("Quite another one?", "Yes."), ("And 3?", "Yes."))


def test_a_later_version_is_never_written_over(workspace: Workspace, dataset: Dataset) -> None:
    edit_dataset(workspace, dataset.id, Changes(deleted=[1]), SOURCE)
    with pytest.raises(NotAllowed, match="later version of FAQ by now, version 2") as refused:
        edit_dataset(workspace, dataset.id, Changes(deleted=[2]), SOURCE)
    assert "newest version" in refused.value.next_step
    assert [one.version for one in workspace.datasets.list()] == [2, 1]


@pytest.mark.parametrize(
    ("changes", "fault", "says"),
    [
        (Changes(), UserFault, "Nothing was changed"),
        (Changes({3: Texts(answer=" Number 3. "), 4: Texts()}), UserFault, "Nothing was changed"),
        (Changes({3: Texts(answer=" ")}), UserFault, "Row 3: no answer"),
        (Changes(added=[Example(0, "Why?", "So."), Example(0, "", "So.")]), UserFault, "New row 2: no question"),
        (Changes({3: Texts(context="x" * 65_537)}), UserFault, "Row 3: .*65,536"),
        (Changes({3: Texts("what is number 4", "Number 4.")}), UserFault, "Row 3: this question is there"),
        (Changes(added=[Example(0, "Why?", "So."), Example(0, "WHY", "So.")]), UserFault, "New row 2: this question"),
        (Changes({300: Texts(answer="x")}), NotFound, "no row 300"),
        (Changes(deleted=[201]), NotFound, "no row 201"),
        (Changes(deleted=range(1, 201)), UserFault, "No row would be left"),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_kept(
    workspace: Workspace, dataset: Dataset, changes: Changes, fault: type[Exception], says: str
) -> None:
    with pytest.raises(fault, match=says):
        edit_dataset(workspace, "FAQ", changes, SOURCE)
    assert workspace.datasets.list() == [dataset]


def test_a_row_that_nobody_changed_stays_as_it_is_to_the_letter(workspace: Workspace) -> None:
    rows = with_parts([Example(nr, f" Why {nr}? ", "So.\r\n", kind="k" * 64) for nr in range(1, 21)], 0.2)
    keep(workspace, rows)
    made = edit_dataset(workspace, "FAQ", Changes({1: Texts(answer="Other.")}), SOURCE)
    assert made.origin["edited"] == 1
    assert workspace.datasets.examples(made.id)[1:] == rows[1:]


def test_a_deleted_row_may_come_back_as_a_new_one(workspace: Workspace, dataset: Dataset) -> None:
    old = by_number(workspace, dataset)[9]
    made = edit_dataset(workspace, "FAQ", Changes(added=[replace(old, origin="")], deleted=[9]), SOURCE)
    assert by_number(workspace, made)[202] == replace(old, row=202, origin=ADDED)
