"""Whether two texts are almost the same, by their words."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA, Levenshtein

# One word in so many may be another one.
_WORDS_A_CHANGE = 10
_SHORTEST_MISTYPED = 5
_DIGIT = re.compile(r"\d")
_NUMERAL = re.compile(r"[ivxlc]+|\w")

Change = tuple[int, str, str]
"""Where a word stands in the first text, that word, and the one in its place; "" where there is none."""


def are_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two texts, given as words, are the same but for one word in ten and for one mistyped word.

    No word that differs holds a digit or is a numeral or letter: order 41 is not order 42, type I not type II.
    """
    if one == other:
        return True
    allowed = min(len(one), len(other)) // _WORDS_A_CHANGE
    if abs(len(one) - len(other)) > allowed:
        return False
    if Levenshtein.distance(one, other, score_cutoff=allowed + 1) > allowed + 1:
        return False
    found = changes(one, other)
    if any(_counts(word, instead) for _, word, instead in found):
        return False
    mistyped = sum(is_mistyped(word, instead) for _, word, instead in found)
    return len(found) - min(mistyped, 1) <= allowed


def changes(one: Sequence[str], other: Sequence[str]) -> list[Change]:
    """Return the fewest changes that make the second text of the first."""
    return [
        (
            edit.src_pos,
            "" if edit.tag == "insert" else one[edit.src_pos],
            "" if edit.tag == "delete" else other[edit.dest_pos],
        )
        for edit in Levenshtein.editops(one, other)
    ]


def is_mistyped(word: str, instead: str) -> bool:
    """Tell whether two words differ by one letter only."""
    return min(len(word), len(instead)) >= _SHORTEST_MISTYPED and OSA.distance(word, instead, score_cutoff=1) <= 1


def _counts(word: str, instead: str) -> bool:
    if _DIGIT.search(word) or _DIGIT.search(instead):
        return True
    return bool(_NUMERAL.fullmatch(word) and _NUMERAL.fullmatch(instead))
