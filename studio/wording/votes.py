"""What stands beside the votes of Compare where they are counted."""

from studio.wording.numbers import count

TITLE = "Your votes on Compare"
HELP = (
    "Each time you said which answer you would send. Votes are given on questions of your choice, so they tell what "
    "you prefer, not what is right; with the names in sight, they tell what you expect, too."
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


BLIND_ONLY = "Those with the names hidden alone"


def counted(votes: int, none: int, blind: int) -> str:
    """Return how many votes are counted, how often no answer was good, and how many were cast blind."""
    lacking = f" On {none:,} of them no answer was good." if none else ""
    hidden = f" Of these {votes:,}, {blind:,} were cast with the names hidden."
    return f"{count(votes, 'comparison')} with a vote.{lacking}{hidden}"


def take_away(pairs: int) -> str:
    """Return the link by which the pairs of a chosen and a rejected answer are taken away; nothing without any."""
    told = f"[{count(pairs, 'pair')} of a chosen and a rejected answer](/downloads/preferences.jsonl) (JSON lines)"
    return f"{told}, as programs learn from them (prompt, chosen, rejected)." if pairs else ""


def between(low: float, high: float) -> str:
    """Return a range of shares."""
    return f"{round(100 * low)} and {round(100 * high)} of 100"


def against(first: str, second: str) -> str:
    """Return two columns that stood side by side."""
    return f"{first} and {second}"
