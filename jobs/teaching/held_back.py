"""Questions that some test asks: what a training learns must not hold them, from whatever they were made."""

from jobs.evaluation.questions import set_questions
from jobs.intake.splits import question_key
from storage.errors import UserFault
from storage.question_sets import QuestionSet
from storage.workspace import Workspace


def held_back(workspace: Workspace) -> set[str]:
    """Return the keys of the questions that the newest versions of all examples and test questions hold back."""
    kept = [workspace.datasets.get(name) for name in {dataset.name for dataset in workspace.datasets.list()}]
    keys = {question_key(row.question) for dataset in kept for row in workspace.datasets.examples(dataset.id, "exam")}
    for name in {one.name for one in workspace.question_sets.list()}:
        keys |= _asked_in(workspace, workspace.question_sets.get(name))
    return keys


def _asked_in(workspace: Workspace, kept: QuestionSet) -> set[str]:
    try:
        return {question_key(one.expected.question) for one in set_questions(workspace, kept)}
    except UserFault:
        return set()  # its file was deleted, or can't be read any more: then it can't be scored either
