"""What was said before a question: found in the comparisons it goes on from, as much as a small model reads."""

import re
from collections.abc import Sequence

from jobs.answering.grounding import without_marks
from jobs.retrieval.words import STOP_WORDS, estimate_tokens, words
from storage.comparisons import Comparisons
from storage.errors import NotFound
from storage.records import AnswerState, Comparison

Turn = tuple[str, str]  # what was asked and what the column answered

MOST_TURNS = 6
MOST_TOKENS = 400  # as much as passages get: a small model loses the question in more
_FEW_WORDS = 3
# Words that point back: what they stand for was named before. English, German, Spanish and French; words that are
# more often something else ("that", "there", "sie", "il") are left out.
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|those|these|he|she|him|her|"
    r"davon|dazu|damit|dafür|darüber|ihn|ihm|ello|eso|esto|ella|elle|elles|cela|ça|celui|celle)\b",
    re.IGNORECASE,
)


def history_of(comparisons: Comparisons, comparison: Comparison, column_id: str) -> tuple[Turn, ...]:
    """Return what this column was asked and answered before, the oldest first.

    Questions that the column did not answer to the end are left out, and so is whatever was deleted since.
    """
    earlier = thread(comparisons, comparison)
    turns = [(one.question, _answered(comparisons, one, column_id)) for one in earlier]
    return fitting_turns([turn for turn in turns if turn[1]])


def thread(comparisons: Comparisons, comparison: Comparison) -> list[Comparison]:
    """Return the comparisons that this one goes on from, the oldest first; at most six."""
    earlier: list[Comparison] = []
    previous = comparison.previous_id
    while previous is not None and len(earlier) < MOST_TURNS:
        try:
            earlier.append(comparisons.get(previous))
        except NotFound:
            break
        previous = earlier[-1].previous_id
    return earlier[::-1]


def _answered(comparisons: Comparisons, comparison: Comparison, column_id: str) -> str:
    if all(column.id != column_id for column in comparison.columns):
        return ""
    _, state = comparisons.states(comparison.id)[column_id]
    if state is not AnswerState.FINISHED:
        return ""
    finished = [event for event in comparisons.events(comparison.id, column_id) if event.type == "finished"]
    return without_marks(str(finished[-1].body["text"])).strip() if finished else ""


def fitting_turns(turns: Sequence[Turn], tokens: int = MOST_TOKENS) -> tuple[Turn, ...]:
    """Return the newest turns that together stay within `tokens`, in their order."""
    kept: list[Turn] = []
    for asked, answered in reversed(turns[-MOST_TURNS:]):
        tokens -= estimate_tokens(asked) + estimate_tokens(answered)
        if tokens < 0:
            break
        kept.append((asked, answered))
    return tuple(reversed(kept))


def standing_alone(question: str, history: Sequence[Turn]) -> str:
    """Return what to search and to look for tools with: the question, after the one before where it leans on that.

    It leans on it where it has few words of its own, or where a word of it points back.
    """
    if not history:
        return question
    own = [word for word in words(question) if word not in STOP_WORDS]
    leans = len(own) < _FEW_WORDS or _POINTS_BACK.search(question) is not None
    return f"{history[-1][0].strip()} {question}" if leans else question
