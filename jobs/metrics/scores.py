"""Scores of one answer against the expected ones: exact match, token F1 and ROUGE-L, each from 0 to 1."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenizers import Tokenizer

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation + "“”‘’„«»…–—¿¡。、？！")
# Scripts without spaces are compared letter by letter.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


def normalise(text: str) -> str:
    """Return the text as SQuAD's evaluation compares it: lower case, no punctuation, no articles, single spaces.

    P. Rajpurkar et al., "SQuAD: 100,000+ questions", EMNLP 2016; extended to typographic and CJK punctuation.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", plain).split())


def exact_match(given: str, expected: Sequence[str]) -> float:
    """Return 1.0 where the answer equals one of those expected, after normalising, else 0.0."""
    return float(normalise(given) in {normalise(text) for text in expected})


def token_f1(given: str, expected: Sequence[str]) -> float:
    """Return the harmonic mean of precision and recall of the words, as SQuAD counts it; the best of those expected."""
    return max((_f1(_words(given), _words(text)) for text in expected), default=0.0)


def rouge_l(given: str, expected: Sequence[str]) -> float:
    """Return the F-measure of the longest common subsequence of words; the best of those expected.

    C.-Y. Lin, "ROUGE: a package for automatic evaluation of summaries", 2004; computed by the package rouge-score,
    with words of every script instead of ASCII only, and without stemming.
    """
    scorer = RougeScorer(["rougeL"], tokenizer=_EveryScript())
    return max((float(scorer.score(text, given)["rougeL"].fmeasure) for text in expected), default=0.0)


class _EveryScript(Tokenizer):
    def tokenize(self, text: str) -> list[str]:
        return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def _words(text: str) -> list[str]:
    return _TOKEN.findall(normalise(text))


def _f1(given: list[str], expected: list[str]) -> float:
    if not given or not expected:
        return float(given == expected)
    common = sum((Counter(given) & Counter(expected)).values())
    if common == 0:
        return 0.0
    precision, recall = common / len(given), common / len(expected)
    return 2 * precision * recall / (precision + recall)
