"""Test questions are added and changed, each time as the next version; sealed ones are left alone."""

from pathlib import Path

import pytest

from jobs.evaluation.editing import OWN, Choice, add_question, change_question, hidden
from jobs.evaluation.questions import set_questions, set_rows
from jobs.evaluation.tables import keep_rows, keep_test_table
from storage.errors import NotAllowed, NotFound, UserFault
from storage.workspace import Workspace
from tests.jobs.test_evaluation_asked import keep, score

WANTED = {"question": "When?", "answer": "Within 30 days of delivery."}


def test_a_question_begins_a_set_and_each_further_one_is_a_version(workspace: Workspace) -> None:
    first = add_question(workspace, OWN, WANTED)
    assert (first.kept.name, first.kept.version, first.replaced) == (OWN, 1, False)
    second = add_question(workspace, OWN, {"question": "Who knows?", "answer": "", "kind": "unknown"})
    assert (second.kept.version, second.kept.questions) == (2, 2)
    again = add_question(workspace, OWN, {**WANTED, "question": "when", "needed": "30 days"})
    assert (again.kept.version, again.kept.questions, again.replaced) == (3, 2, True)
    asked = [(one.expected.question, one.expected.needed) for one in set_questions(workspace, again.kept)]
    assert asked == [("when", ("30 days",)), ("Who knows?", ())]
    assert workspace.question_sets.get(OWN) == again.kept


def test_an_uploaded_table_takes_one_more_and_keeps_its_own_columns(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("question,answer,remark\nWho?,Ada,easy\n")
    keep_test_table(workspace, file)
    made = add_question(workspace, "t.csv", WANTED).kept
    rows = list(set_rows(workspace, made))
    assert [(row["question"], row["remark"]) for row in rows] == [("Who?", "easy"), ("When?", "")]


@pytest.mark.parametrize(
    ("name", "cells", "says"),
    [
        (OWN, {"question": " ", "answer": "So."}, "There is no question"),
        (OWN, {"question": "Why?", "answer": ""}, "nothing that its answer is expected to say"),
        (OWN, {**WANTED, "needed": "40 days"}, "does not hold “40 days”"),
        (" ", WANTED, "name can't be used"),
        ("x" * 129, WANTED, "name can't be used"),
    ],
)
def test_what_can_not_be_asked_is_not_kept(workspace: Workspace, name: str, cells: dict[str, str], says: str) -> None:
    with pytest.raises(UserFault, match=says):
        add_question(workspace, name, cells)
    assert workspace.question_sets.list() == []
    assert list(workspace.folder("uploads").iterdir()) == []


def test_the_same_again_changes_nothing(workspace: Workspace) -> None:
    add_question(workspace, OWN, WANTED)
    with pytest.raises(UserFault, match="kept already"):
        add_question(workspace, OWN, WANTED)
    assert len(workspace.question_sets.list()) == 1


def test_another_choice_is_a_version_and_the_old_one_can_be_chosen_again(workspace: Workspace) -> None:
    first = add_question(workspace, OWN, WANTED).kept
    second = change_question(workspace, first, 1, Choice(["30"], ["sixty"]))
    (question,) = set_questions(workspace, second)
    assert (question.expected.needed, question.expected.wrong) == (("30",), ("sixty",))
    third = change_question(workspace, second, 1, Choice(["30 days", "delivery"]))
    fourth = change_question(workspace, third, 1, Choice(["30"], ["sixty"]))
    assert (fourth.version, fourth.sha256) == (4, second.sha256)
    with pytest.raises(UserFault, match="Nothing was changed"):
        change_question(workspace, fourth, 1, Choice(["30"], ["sixty"]))
    with pytest.raises(NotAllowed, match="changed in the meantime"):
        change_question(workspace, third, 1, Choice(["30"]))
    with pytest.raises(NotFound, match="has no row 2"):
        change_question(workspace, fourth, 2, Choice(["30"]))
    assert len(list(workspace.folder("uploads").iterdir())) == 4


def test_sealed_questions_are_neither_changed_nor_looked_at_before_they_were_scored(
    workspace: Workspace, tmp_path: Path
) -> None:
    sealed = keep(workspace, tmp_path, sealed=True)
    assert hidden(workspace, sealed)
    assert not hidden(workspace, keep(workspace, tmp_path, name="Open"))
    with pytest.raises(NotAllowed, match="is sealed and was not scored yet"):
        change_question(workspace, sealed, 1, Choice(["Today"]))
    with pytest.raises(NotAllowed, match="would not be unseen"):
        add_question(workspace, sealed.name, WANTED)
    score(workspace, sealed.id)
    assert not hidden(workspace, sealed)
    assert change_question(workspace, sealed, 1, Choice(["Today"])).sealed


def test_two_who_change_the_same_version_do_not_undo_each_other(workspace: Workspace) -> None:
    first = add_question(workspace, OWN, WANTED).kept
    keep_rows(workspace, first, [WANTED, {"question": "Who?", "answer": "Ada"}])
    with pytest.raises(NotAllowed, match="changed in the meantime"):
        keep_rows(workspace, first, [WANTED])
