"""Answers that are labels, in words."""

from studio.wording.numbers import count

HEADING = "These answers are labels"
COLUMNS = ("Label", "Rows", "Share")
NEXT = (
    "What is trained on them answers with one of the labels and nothing else; the score is how often that is the right "
    "one. Under Compare and Scores you can let it answer freely."
)
_FEW, _UNEVEN = 5, 10


def found(labels: int, rows: int) -> str:
    """Return that the answers are labels, with how many there are."""
    return f"{HEADING}: {labels} different ones in {count(rows, 'row')}."


def balance(most: tuple[str, int], least: tuple[str, int]) -> str:
    """Return what is to know of how the rows spread over the labels; empty where they do evenly."""
    if least[1] < _FEW:
        return f"{least[0]} has only {count(least[1], 'row')}: too few to learn it well."
    if most[1] > _UNEVEN * least[1]:
        return f"{most[0]} has {most[1] / least[1]:.0f} times as many rows as {least[0]}, and may be chosen too often."
    return ""


def more(labels: int, rows: int) -> str:
    """Return the line for the labels that the table leaves out."""
    return f"{count(labels, 'more label')}, {count(rows, 'row')} together."
