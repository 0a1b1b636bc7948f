"""What stands where the names of the columns are hidden until the vote."""

HIDE = "Hide the names until I vote"
MEANING = "Its name comes after your vote"
ANSWERING = "● Answering… All answers are shown together."
ANSWERED = "✓ Answered"
NO_ANSWER = "✕ No answer"
WHY_LATER = "Why is said after your vote, for it would give the name away."
ASKS = "One of the columns"
EVIDENCE_LATER = "What made this answer is shown after your vote."


TOLD = "The names are shown now."


def answer(letter: str) -> str:
    """Return how a column is called while its name is hidden."""
    return f"Answer {letter}"


def revealed(letter: str, heading: str) -> str:
    """Return the heading of a column whose name was hidden."""
    return f"{letter}: {heading}"


def chosen(letter: str, title: str) -> str:
    """Return what was chosen, now that its name may be said; `title` is Markdown already."""
    return f"You chose {letter}: that was {title}."
