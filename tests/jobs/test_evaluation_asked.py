"""A scorecard says which version of which questions it asked, and how often these were asked before."""

from pathlib import Path

import pytest

from jobs.evaluation.asked import Before, asked_of, scored_before, source_of
from jobs.evaluation.evaluate import evaluate_through
from jobs.evaluation.tables import keep_test_table
from jobs.models.patience import PatientDoor
from jobs.queue import Queue
from jobs.requests import Choices, Evaluate
from storage.errors import NotFound, UserFault
from storage.question_sets import QuestionSet
from storage.records import Dataset, Example, Scorecard
from storage.removing import remove_scorecard
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.fakes import ScriptedModel


def keep(workspace: Workspace, folder: Path, answer: str = "Today", name: str = "Exam", **said: bool) -> QuestionSet:
    file = folder / "test.csv"
    file.write_text(f"question,answer\nWhen?,{answer}\n")
    return keep_test_table(workspace, file, name, **said)


def keep_examples(workspace: Workspace, name: str) -> Dataset:
    rows = [Example(1, "Where?", "Here", part="exam")]
    return workspace.datasets.keep(name, rows, rows=1, columns={}, dropped=(), source="a.csv")


def score(workspace: Workspace, source: str) -> Scorecard:
    asked = Evaluate(source=source, choices=Choices(ways=("base",)))
    context = claimed_context(workspace, asked)
    made = evaluate_through(PatientDoor(ScriptedModel(lambda _chat: "Today")), asked, context)
    queue = Queue(workspace.database, workspace.clock)
    assert queue.finish(context.job, result=made.result, scorecard=made.scorecard)
    assert made.scorecard is not None
    assert made.result["questions"] == made.scorecard.questions
    return workspace.scorecards.get(made.scorecard.id)


def test_a_scorecard_names_the_version_that_it_scored(workspace: Workspace, tmp_path: Path) -> None:
    kept = keep(workspace, tmp_path, sealed=True)
    told = {"kind": "set", "id": kept.id, "name": "Exam", "version": 1, "sha256": kept.sha256, "sealed": True}
    assert score(workspace, kept.id).questions == {**told, "scored_before": 0, "others_scored_before": 0}
    examples = keep_examples(workspace, "FAQ")
    rows = {"kind": "rows", "id": examples.id, "name": "FAQ", "version": 1}
    assert score(workspace, examples.id).questions == rows
    assert asked_of(workspace, Evaluate(source="uploads/some.csv")) == {}


def test_every_finished_scoring_of_the_same_questions_counts_under_whatever_name(
    workspace: Workspace, tmp_path: Path
) -> None:
    queue = Queue(workspace.database, workspace.clock)
    first = keep(workspace, tmp_path)
    assert scored_before(queue, first) == Before()
    card = score(workspace, first.id)
    remove_scorecard(workspace.database, card.id)
    assert scored_before(queue, first) == Before(same=1)
    assert scored_before(queue, keep(workspace, tmp_path, name="Copy")) == Before(same=1)
    second = keep(workspace, tmp_path, "Now")
    assert scored_before(queue, second) == Before(same=0, others=1)
    score(workspace, second.id)
    assert scored_before(queue, first) == Before(same=1, others=1)
    queue.enqueue(Evaluate(source=first.id), "not yet")
    assert scored_before(queue, first) == Before(same=1, others=1)


def test_questions_are_found_by_id_and_name_and_two_of_one_name_are_not_guessed(
    workspace: Workspace, tmp_path: Path
) -> None:
    keep(workspace, tmp_path)
    latest, examples = keep(workspace, tmp_path, "Now"), keep_examples(workspace, "FAQ")
    assert source_of(workspace, "Exam") == source_of(workspace, latest.id) == latest.id
    assert source_of(workspace, "FAQ") == examples.id
    with pytest.raises(NotFound, match="no test questions and no examples called 'Nothing'"):
        source_of(workspace, "Nothing")
    keep_examples(workspace, "Exam")
    with pytest.raises(UserFault, match="both called 'Exam'"):
        source_of(workspace, "Exam")
    assert source_of(workspace, latest.id) == latest.id
