"""What stands beside the votes of Compare where they are counted."""

from studio.wording.numbers import count

TITLE = "Your votes on Compare"
HELP = (
    "Each time you said which answer you would send. Votes are given with the names in sight and on questions of your "
    "choice, so they tell what you prefer, not what is right."
)
CHOSEN_HEAD = ("Way", "Chosen", "Another chosen", "Ties", "Win rate", "Chosen when one was, likely between")
PAIRS_HEAD = (
    "Two that stood side by side",
    "The first chosen",
    "The second chosen",
    "Ties",
    "The first, likely between",
)
PAIRS_HELP = (
    "Win rate: the share of votes won, a tie as half of one. Likely between: the range that chance allows among the "
    "votes that were no tie (Wilson, 95 of 100). Where it holds 50 of 100, the two can't be told apart yet."
)


def counted(votes: int, none: int) -> str:
    """Return how many votes are counted, and how often no answer was good."""
    lacking = f" On {none:,} of them no answer was good." if none else ""
    return f"{count(votes, 'comparison')} with a vote.{lacking}"


def between(low: float, high: float) -> str:
    """Return a range of shares."""
    return f"{round(100 * low)} and {round(100 * high)} of 100"


def against(first: str, second: str) -> str:
    """Return two columns that stood side by side."""
    return f"{first} and {second}"
