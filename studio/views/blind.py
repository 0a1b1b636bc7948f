"""An answer whose column must not be known yet: its words alone, without what would give the name away."""

from collections.abc import Iterable

from jobs.answering.grounding import without_marks
from storage.records import AnswerState, ToolCall
from studio.views import markdown
from studio.views.answers import Standing
from studio.wording import blind as words
from studio.wording.tools import title as tool_title


def status(now: Standing, *, shown: bool) -> str:
    """Return whether there is an answer, and nothing of its cost; `shown` is whether all columns have ended."""
    if not shown:
        return words.ANSWERING
    return words.ANSWERED if _has_answer(now) else words.NO_ANSWER


def text(now: Standing, *, shown: bool) -> str:
    """Return the answer without the marks of its sources and without the names of tools; nothing until it is shown."""
    if not shown:
        return ""
    if not _has_answer(now):
        return words.WHY_LATER
    return markdown.answer(said(now.text, now.calls))


def said(text: str, calls: Iterable[ToolCall]) -> str:
    """Return an answer's text without what would give its column away."""
    left = without_marks(text)
    for call in calls:
        left = left.replace(f"{tool_title(call.tool)}: ", "")
    return left


def _has_answer(now: Standing) -> bool:
    return now.state is AnswerState.FINISHED
