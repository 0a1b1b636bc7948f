"""The words for whether test questions were unseen: by the trainings that were scored, and by earlier scorings."""

from collections.abc import Sequence

from studio.wording.numbers import count
from studio.wording.verdict import both

SEALED_FIRST = "These questions are sealed, and this is the first time that they were scored."
LISTED = "Test questions that training has seen"
LISTED_HELP = (
    "Compared with every row that the training learned from or watched. An answer counts from six words on, word for "
    "word. Take these questions out of the test, or their rows out of the examples, and score again."
)
HEAD = ("Question", "Trained on it", "How", "In row")
HOW = {
    "same": "the same question",
    "alike": "almost the same question",
    "answer": "its wanted answer, word for word",
}
ON_SCORES = "they are listed on the Scores page"


def scored_before(times: int) -> str:
    """Return that sealed questions were scored before."""
    return (
        f"**Scored {_times(times)} before: no longer an unseen exam.** These questions are sealed, to be scored once."
    )


def others_before(times: int) -> str:
    """Return that other versions of sealed questions were scored before."""
    return (
        f"**Other versions of these sealed questions were scored {_times(times)} before:** what they have in common is "
        "no longer an unseen exam."
    )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"


def seen(number: int, of: int, names: Sequence[str], link: str) -> str:
    """Return how many of the questions stood in what these ways were trained on; `link` is their list."""
    was = f"{number:,} of these {count(of, 'question')} {'was' if number == 1 else 'were'}"
    return f"**{was} in what {both(names)} {_were(names)} trained on** ({link})."


def without(name: str, right: int, of: int, low: float, high: float) -> str:
    """Return how often a way was right on the questions that its training had not seen."""
    likely = f"likely {round(100 * low)} to {round(100 * high)} of 100"
    return f"On the {of:,} others, {name} was right on {right:,} ({likely})."


def nothing_left(name: str) -> str:
    """Return that a way's training had seen every question."""
    return f"There is no question that {name} had not seen."


def none_seen(of: int, names: Sequence[str]) -> str:
    """Return that no question stood in what these ways were trained on."""
    which = f"None of these {of:,} questions stands" if of > 1 else "This question does not stand"
    return f"{which} in what {both(names)} {_were(names)} trained on."


def cannot_tell(names: Sequence[str]) -> str:
    """Return that nothing can be told, because the examples are gone."""
    return (
        f"Whether {both(names)} {_were(names)} trained on these questions can't be told: the examples were deleted "
        "before they were scored."
    )


def _were(names: Sequence[str]) -> str:
    return "was" if len(names) == 1 else "were"
