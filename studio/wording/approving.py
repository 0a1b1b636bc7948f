"""The card of a call that runs only after a person's yes, in words."""

from math import ceil

ALLOW = "Allow once"
REFUSE = "Refuse"
EXACTLY = "It runs with exactly this, and only if you allow it:"
NOTHING = "nothing"
TOO_LATE = "This was decided already, or its time is over."
LOOK = "Look at the column: it says what became of it."


def wants(way_heading: str, tool_title: str) -> str:
    """Return who asks for what."""
    return f"{way_heading} asks: {tool_title}?"


def left(seconds: float) -> str:
    """Return how long there is to decide."""
    return f"Refused by itself in {max(0, ceil(seconds))} s"
