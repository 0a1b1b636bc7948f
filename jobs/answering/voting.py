"""A vote on a comparison: what was chosen, and the answers that it was preferred to."""

from jobs.answering.compare import kept_answer
from jobs.answering.grounding import without_marks
from storage.comparisons import Comparisons, Preferred
from storage.errors import NotAllowed
from storage.records import AnswerState, Comparison


def vote(comparisons: Comparisons, comparison_id: str, voted: str) -> bool:
    """Keep the vote (a column's id, `tie` or `none`) with its preferences; return whether it was cast blind.

    Raises NotFound, and NotAllowed where the names are hidden and not every column has ended: then nobody has read yet
    what they would choose among.
    """
    comparison = comparisons.get(comparison_id)
    if comparisons.sealed(comparison) and not all_over(comparisons, comparison):
        raise NotAllowed("Not every answer is there yet.", "Wait for all of them, or press Stop all, and choose then.")
    return comparisons.vote(comparison_id, voted, _preferred(comparisons, comparison, voted))


def all_over(comparisons: Comparisons, comparison: Comparison) -> bool:
    """Whether every column has ended, with an answer or without."""
    return all(state.final for _, state in comparisons.states(comparison.id).values())


def _preferred(comparisons: Comparisons, comparison: Comparison, voted: str) -> list[Preferred]:
    ids = [column.id for column in comparison.columns]
    if voted not in ids:
        return []  # a tie, or no answer was good
    texts = {column_id: _answered(comparisons, comparison, column_id) for column_id in ids}
    chosen = texts.pop(voted)
    return [
        Preferred(column_id, chosen, text) for column_id, text in texts.items() if chosen and text not in ("", chosen)
    ]


def _answered(comparisons: Comparisons, comparison: Comparison, column_id: str) -> str:
    answer = kept_answer(comparisons, comparison.id, column_id)
    return without_marks(answer.text).strip() if answer.state is AnswerState.FINISHED else ""
