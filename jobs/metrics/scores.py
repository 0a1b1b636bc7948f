"""Scores of one answer against the expected ones: same text, exact match and token F1, each from 0 to 1."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation + "“”‘’„«»…–—¿¡。、？！")
# A word; scripts without spaces are compared letter by letter.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


def normalise(text: str) -> str:
    """Return the text as SQuAD's evaluation compares it: lower case, no punctuation, no articles, single spaces.

    P. Rajpurkar et al., "SQuAD: 100,000+ questions", EMNLP 2016; extended to typographic and CJK punctuation.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", plain).split())


def same_text(given: str, expected: Sequence[str]) -> float:
    """Return 1.0 where the answer equals one of those expected letter for letter, else 0.0.

    White space around them aside. The plain exact match of P. Liang et al., "Holistic Evaluation of Language Models",
    TMLR 2023.
    """
    return float(given.strip() in {text.strip() for text in expected})


def exact_match(given: str, expected: Sequence[str]) -> float:
    """Return 1.0 where the answer equals one of those expected, after normalising, else 0.0."""
    return float(normalise(given) in {normalise(text) for text in expected})


def token_f1(given: str, expected: Sequence[str]) -> float:
    """Return the harmonic mean of precision and recall of the words, as SQuAD counts it; the best of those expected."""
    return max((_f1(_words(given), _words(text)) for text in expected), default=0.0)


def _words(text: str) -> list[str]:
    return WORD.findall(normalise(text))


def _f1(given: list[str], expected: list[str]) -> float:
    if not given or not expected:
        return float(given == expected)
    common = sum((Counter(given) & Counter(expected)).values())
    if common == 0:
        return 0.0
    precision, recall = common / len(given), common / len(expected)
    return 2 * precision * recall / (precision + recall)
