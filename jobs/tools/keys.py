"""Find the keys of a table in a question: those that stand in it, those near its words, and what is like a key."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from storage.records import Json
from storage.tools import fold

MOST_FOUND = 8
MOST_WORDS = 120
MOST_PARTS = 8
MOST_NEAREST = 3
_CLOSE = 0.6
_SHORT = 3
_TELLING_DIGITS = 4
_SHARE = 0.5
_RARE = 2

_BEGIN = re.compile(r"(?<!\w)\w|(?<!\S)\S")
_END = re.compile(r"\w(?!\w)|\S(?!\S)")
_NAME = re.compile(r"(?<=\s)[^\W_a-z]\w+")
_STOP = frozenset(
    re.findall(
        r"\w+",
        """about after also and any are can could does did for from have has her his how into its many much please show
        tell than that the their them there these they this those was were what when where which who will with would
        you your price cost order orders name number""",
    )
)


class Span(NamedTuple):
    """A run of whole words of a question, and the words before it."""

    text: str
    start: int
    end: int
    before: str


def spans(question: str, most_words: int) -> list[Span]:
    """Return every run of up to `most_words` whole words, the longest first where they begin together."""
    starts = [match.start() for match in _BEGIN.finditer(question)][:MOST_WORDS]
    ends = [match.end() for match in _END.finditer(question)][: 2 * MOST_WORDS]
    found: list[Span] = []
    for start in starts:
        reach = [end for end in ends if end > start][: 2 * most_words]
        found += [Span(question[start:end], start, end, question[:start]) for end in reversed(reach)]
    return found


def standing(read: Sequence[Span], known: set[str], config: Json) -> list[str]:
    """Return the known keys as they stand in the question, none inside another, none that only looks like one."""
    taken: list[Span] = []
    for span in sorted(read, key=lambda span: span.start - span.end):
        inside = any(span.start < other.end and other.start < span.end for other in taken)
        if fold(span.text) in known and not inside and _tells(span, config):
            taken.append(span)
    taken.sort(key=lambda span: span.start)
    return _each_once(taken)


def near_keys(question: str, keys_with: Callable[[Sequence[str]], Iterable[str]]) -> list[str]:
    """Return the folded keys that share most of their words with the question, one of them rare among the keys.

    Half of the words is enough where one is a number or written as a name: Lee for Sarah Lee.
    """
    words = set(re.findall(r"\w+", fold(question)))
    called = {fold(name) for name in _NAME.findall(question)}
    parts = sorted((word for word in words if _telling(word)), key=len, reverse=True)[:MOST_PARTS]
    keys = list(keys_with(parts)) if parts else []
    spread = Counter(word for key in keys for word in set(_words(key)))
    shares: dict[str, float] = {}
    for key in keys:
        common = words.intersection(_words(key))
        share = len(common) / len(set(_words(key)))
        enough = share > _SHARE or (share == _SHARE and common & called)
        if enough and any(_telling(word) and spread[word] <= _RARE for word in common):
            shares[key] = share
    best = max(shares.values(), default=0.0)
    return sorted(key for key, share in shares.items() if share == best)[:MOST_FOUND]


def like_keys(read: Sequence[Span], config: Json) -> list[str]:
    """Return what is written in the form of a key, such as ORD-9999 where the keys are like ORD-1042."""
    shapes = set(config["shapes"])
    found = [span for span in read if shape(span.text) in shapes and _tells(span, config)]
    return _each_once(found)


def _each_once(found: Iterable[Span]) -> list[str]:
    return list({fold(span.text): span.text for span in found}.values())[:MOST_FOUND]


def nearest(folded: str, keys: Iterable[str]) -> list[str]:
    """Return the keys most like `folded`, the closest in number first among equals; at most three."""
    ratios = {key: SequenceMatcher(a=key, b=folded).ratio() for key in keys}
    close = sorted((-round(ratio, 1), abs(_number(key) - _number(folded)), key) for key, ratio in ratios.items())
    return [key for ratio, _, key in close if -ratio >= _CLOSE][:MOST_NEAREST]


def _number(key: str) -> int:
    return int("0" + "".join(re.findall(r"[0-9]", key))[-18:])


def shape(key: str) -> str:
    """Return the form of a key that has digits ("a-9999" of ORD-1042), "" of one that has none."""
    folded = fold(key)
    if not any(letter.isdigit() for letter in folded):
        return ""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", folded))


def is_number_like(key: str) -> bool:
    """Whether a key is a number under which something is kept: one word with four digits, five where it has no letter.

    Four digits alone may be a year.
    """
    digits = sum(letter.isdigit() for letter in key)
    return not any(map(str.isspace, key)) and digits >= _TELLING_DIGITS + all(not one.isalpha() for one in key)


def _tells(span: Span, config: Json) -> bool:
    """Whether a span can be meant as a key: a small number or a tiny word is one only where the question says so."""
    if span.text.isdecimal() and len(span.text) < _TELLING_DIGITS:
        nouns = "|".join(re.escape(noun) for noun in config["nouns"])
        return bool(re.search(rf"(?:#|\b(?:{nouns})s?(?:\W+\w+)?\W+)$", span.before, re.I))
    if span.text.isalpha() and len(span.text) <= _SHORT:
        return span.text.isupper()
    return True


def _telling(word: str) -> bool:
    return word not in _STOP and len(word) >= (_TELLING_DIGITS if word.isdecimal() else _SHORT)


def _words(key: str) -> list[str]:
    return re.findall(r"\w+", key)
