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
# What is to be done with it once it is written.
_THEN = re.compile(r"[\s,;.]*\b(?:and|then)\b[\s,]+(?:then\s+)?(?:recite|read|say|speak|sing|send)\b.*", re.IGNORECASE)


def composes(question: str) -> bool:
    """Whether the question asks for a poem, a letter or the like.

    Its sentences need not stand in what was found, as those of an answer must.
    """
    return _MADE.search(question) is not None


def subject(question: str) -> str:
    """Return what a poem, a letter or the like is to be about; any other question as it is.

    "Write a short poem" stands in no document that tells about the rest.
    """
    if not composes(question):
        return question
    return _THEN.sub("", _MADE.sub(" ", question)).strip(" ,;.") or question
