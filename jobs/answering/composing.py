"""Whether a question wants a text of the model's own making: what was found is then its subject, not its wording."""

import re

_WRITTEN = r"letters?|e-?mails?|messages?|speech|toasts?|slogans?"
_VERSES = r"poems?|haikus?|limericks?|sonnets?|verses?|rhymes?|ballads?|odes?|songs?|lullaby|story|stories"
# "Give me the e-mail of a customer" wants none made.
_ONE = r"(?:\W+\w+){0,5}?\W+(?:an?|some|two|three)(?:\W+\w+){0,3}?\W+"
_MADE = re.compile(
    rf"\b(?:(?:write|compose|draft){_ONE}(?:{_WRITTEN}|{_VERSES})|(?:make|give|tell|sing){_ONE}(?:{_VERSES}))\b",
    re.IGNORECASE,
)


def composes(question: str) -> bool:
    """Whether the question asks for a poem, a letter or the like.

    Its sentences need not stand in what was found, as those of an answer must.
    """
    return _MADE.search(question) is not None
