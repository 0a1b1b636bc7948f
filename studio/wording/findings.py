"""The words of what the checks find, and of what can be done about it."""

from studio.wording.numbers import count

TITLE = "What was found"
HELP = "Choose what is done about each. Nothing is lost: choose again and it is as before."
NOTHING = "Every row can be used, and nothing about them is odd."
WHAT_WE_DO = "What we do"
ACTIONS = {
    "use": "Use them",
    "leave out": "Leave them out",
    "mask": "Hide what it says",
    "keep together": "Keep them in one part",
}
HEAD = ("Row", "Question", "Good answer")
LENGTHS = "How long the rows are"
AS = "as row"


def rows(number: int) -> str:
    """Return how many rows a finding has."""
    return count(number, "row")


def show_rows(number: int) -> str:
    """Return the label over the rows behind a finding."""
    return "Show the row" if number == 1 else "Show the rows"


def shown_of(shown: int, of: int) -> str:
    """Return that only the first rows are shown."""
    return f"The first {shown} of {of:,}."


def lengths(used: int, tokens: int, longest: int) -> str:
    """Return how many rows and tokens will be learned from or held back."""
    return f"{count(used, 'row')} with {tokens:,} tokens (pieces of words) in all; the longest has {longest:,}."


def not_measured(model: str) -> str:
    """Return that lengths can't be told without the model."""
    return f"How long the rows are for the model can be told once the model {model} is on this computer."
