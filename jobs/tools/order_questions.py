"""What a question says of orders: the numbers that stand in it, and whether it asks for money back."""

import re
import unicodedata

_MOST_READ = 2_000
_MOST_FOUND = 8
_NUMBER = re.compile(
    r"\b(?:LC|orders?)(?:\s+(?:number|no|nr))?[\s.:#_\-\u2010-\u2015]{0,3}([0-9]{4})(?![0-9])", re.IGNORECASE
)
_WISH = re.compile(
    r"\b(?:refund(?:ing)?|reimburse|money\s+back|(?:give|pay)\s+(?:(?:me|us|it|my|our|the|that)\s+)*(?:money\s+)?back)\b",
    re.IGNORECASE,
)
# Asks about a refund, and for none: has it been paid, when, under which rules.
_ABOUT = re.compile(
    r"\s*(?:has|have|had|was|were|did|when|why|how|what|which|where|who)(?:n't|'s)?\b(?!\s+about)", re.IGNORECASE
)
_DENIED = re.compile(r"(?:\b(?:no|not|never|without|cannot)|n't|n’t)\s+(?:[^\s,;:]+\s+){0,2}$", re.IGNORECASE)


def numbers_in(question: str) -> list[str]:
    """Return the order numbers of a question as they are written in the books: LC-4101 also for "lc 4101"."""
    found = _NUMBER.findall(unicodedata.normalize("NFKC", question[:_MOST_READ]))
    return [f"LC-{digits}" for digits in dict.fromkeys(found)][:_MOST_FOUND]


def wishes_refund(question: str) -> bool:
    """Whether the question asks for money back, rather than asking about it or declining it."""
    for sentence in re.split(r"[.!?\n]", question[:_MOST_READ]):
        if _ABOUT.match(sentence):
            continue
        if any(not _DENIED.search(sentence[: wish.start()]) for wish in _WISH.finditer(sentence)):
            return True
    return False
