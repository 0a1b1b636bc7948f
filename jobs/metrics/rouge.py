"""ROUGE-L of one answer against the expected ones; apart, since its package loads a large library of mathematics."""

import unicodedata
from collections.abc import Sequence

from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenizers import Tokenizer

from jobs.metrics.scores import WORD


def rouge_l(given: str, expected: Sequence[str]) -> float:
    """Return the F-measure of the longest common subsequence of words; the best of those expected.

    C.-Y. Lin, "ROUGE: a package for automatic evaluation of summaries", 2004; computed by the package rouge-score,
    with words of every script instead of ASCII only, and without stemming.
    """
    scorer = RougeScorer(["rougeL"], tokenizer=_EveryScript())
    return max((float(scorer.score(text, given)["rougeL"].fmeasure) for text in expected), default=0.0)


class _EveryScript(Tokenizer):
    def tokenize(self, text: str) -> list[str]:
        return WORD.findall(unicodedata.normalize("NFKC", text).casefold())
