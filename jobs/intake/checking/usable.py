"""Rows from which nothing can be learned."""

from jobs.intake.checking.findings import LONGEST_CELL
from storage.records import Example


def why_unusable(example: Example) -> str:
    """Return the check that a row fails so that it can't be used; "" where it can."""
    texts = (example.question, example.answer, example.instruction, example.context)
    if not any(texts):
        return "empty"
    if not example.question:
        return "no-question"
    if not example.answer:
        return "no-answer"
    return "cell-too-long" if max(map(len, texts)) > LONGEST_CELL else ""
