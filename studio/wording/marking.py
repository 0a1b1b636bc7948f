"""What stands where a person marks answers with the names hidden."""

from studio.wording.numbers import count

TITLE = "Mark the answers yourself"
HELP = (
    "Read what was asked and wanted, and say of each answer whether you would have let it pass. Which way gave it is "
    "hidden; answers that say the same are shown once. What you say counts instead of the automatic judgement. You can "
    "stop at any time and go on later. Keys: **r** right, **w** wrong, **s** skip."
)
RIGHT = "Right (r)"
WRONG = "Wrong (w)"
SKIP = "Skip (s)"
BACK = "Take the last one back"
REASON = "Why? (optional)"
GO_TO = "Go to question"
ALL_DONE = "**✓** You have marked every answer."
AGREEMENT = "How far the automatic judgement agrees with you"
AGREEMENT_HELP = (
    "1 always, 0 no more than chance (Cohen's kappa). Below 0.6, trust your marks and not the automatic ones."
)
TABLE_HEAD = ("Judged by", "Alike", "Beyond chance")
TOO_EVEN = "can't be said: all were marked alike"


def progress(marked: int, of: int) -> str:
    """Return how many of the answers are marked."""
    return f"{marked:,} of {count(of, 'different answer')} marked"


def question(row: int) -> str:
    """Return which question is shown."""
    return f"Question {row}"
