"""The answer that a person wants to a question, where they have said so among their examples or test questions."""

from jobs.evaluation.editing import hidden
from jobs.evaluation.questions import set_questions
from jobs.intake.checking.texts import text_key
from storage.errors import UserFault
from storage.question_sets import QuestionSet
from storage.workspace import Workspace

_LOOKED_AT = 50


def wanted_answer(question: str, workspace: Workspace) -> str:
    """Return the wanted answer: of the test questions, unless they are sealed, else of the examples; empty without one.

    Only the newest version of each set counts.
    """
    return _of_test_questions(question, workspace) or _of_examples(question, workspace)


def _of_test_questions(question: str, workspace: Workspace) -> str:
    newest: dict[str, QuestionSet] = {}
    for kept in workspace.question_sets.list():
        if kept.name not in newest or kept.version > newest[kept.name].version:
            newest[kept.name] = kept
    for kept in newest.values():
        if answer := "" if hidden(workspace, kept) else _within(question, kept, workspace):
            return answer
    return ""


def _within(question: str, kept: QuestionSet, workspace: Workspace) -> str:
    try:
        asked = set_questions(workspace, kept)
    except UserFault:
        return ""  # its file was deleted, or can't be read any more: another set may still tell
    same = (one for one in asked if not one.context and text_key(one.expected.question) == text_key(question))
    return next((one.expected.answer for one in same if one.expected.answer), "")


def _of_examples(question: str, workspace: Workspace) -> str:
    for name in dict.fromkeys(dataset.name for dataset in workspace.datasets.list()):
        newest = workspace.datasets.get(name)
        rows, _ = workspace.datasets.page(newest.id, count=_LOOKED_AT, query=question.strip())
        same = (row for row in rows if not row.context and not row.history)
        if found := next((row.answer for row in same if text_key(row.question) == text_key(question)), ""):
            return found
    return ""
