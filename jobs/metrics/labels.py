"""Answers that are labels: which was given for which, how often rightly, and the mean F1 of the labels."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jobs.metrics.scores import normalise

MOST_LABELS = 20
MOST_TAUGHT = 100
_LONGEST = 5  # words
_LEAST_EACH = 2
_LEAST_ON_AVERAGE = 3


@dataclass(frozen=True, slots=True)
class Confusion:
    """`matrix[i][j]`: how often label `j` was given where `names[i]` was expected; the last `j` is none of them.

    `macro_f1` is the mean of the labels' F1, each label counting the same.
    """

    names: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]
    accuracy: float
    macro_f1: float


def label_names(expected: Sequence[str]) -> tuple[str, ...]:
    """Return the labels where the expected answers are labels, in the order in which they first stand; else nothing.

    They are where there are 2 to 20 different ones of at most five words, each at least twice and three times on
    average.
    """
    told = Counter(normalise(text) for text in expected)
    few = 2 <= len(told) <= MOST_LABELS and len(expected) >= _LEAST_ON_AVERAGE * len(told)
    short = all(0 < len(label.split()) <= _LONGEST for label in told)
    if not few or not short or min(told.values()) < _LEAST_EACH:
        return ()
    written = {normalise(text): text.strip() for text in reversed(expected)}
    return tuple(written[label] for label in told)


def taught_labels(answers: Mapping[str, int]) -> tuple[str, ...]:
    """Return the labels where the answers to learn from, each with its count, are labels, as often as they stand there.

    They are where there are 2 to 100 different ones of at most five words, each three times on average. Of spellings
    that differ in capitals or marks only, the most frequent one counts.
    """
    spellings: dict[str, Counter[str]] = {}
    for text, count in answers.items():
        spellings.setdefault(normalise(text), Counter())[text.strip()] += count
    few = 2 <= len(spellings) <= MOST_TAUGHT and sum(answers.values()) >= _LEAST_ON_AVERAGE * len(spellings)
    if not few or not all(0 < len(label.split()) <= _LONGEST for label in spellings):
        return ()
    frequent_first = sorted(spellings.values(), key=lambda spelt: -spelt.total())
    return tuple(spelt.most_common(1)[0][0] for spelt in frequent_first)


def confusion(given: Sequence[str], expected: Sequence[str], names: Sequence[str]) -> Confusion:
    """Count which label was given for which; each of `expected` is one of `names`.

    An answer gives the label that it is, else the only one whose words stand in it; one within another, longer label
    does not count. Macro F1 as M. Sokolova, G. Lapalme, Information Processing and Management 45 (2009), 427-437, with
    the labels' F1 averaged, as scikit-learn does.
    """
    places = {normalise(name): place for place, name in enumerate(names)}
    matrix = np.zeros((len(names), len(names) + 1), dtype=int)
    for answer, wanted in zip(given, expected, strict=True):
        matrix[places[normalise(wanted)], places.get(_label(answer, places), len(names))] += 1
    right = np.diagonal(matrix)
    f1 = 2 * right / np.maximum(matrix.sum(axis=1) + matrix[:, :-1].sum(axis=0), 1)
    rows = tuple(tuple(int(number) for number in row) for row in matrix)
    return Confusion(tuple(names), rows, float(right.sum() / max(1, matrix.sum())), float(f1.mean()))


def _label(answer: str, known: dict[str, int]) -> str:
    said = normalise(answer)
    if said in known:
        return said
    found = [label for label in known if _stands_in(label, said)]
    whole = [label for label in found if not any(_stands_in(label, other) for other in found if other != label)]
    return whole[0] if len(whole) == 1 else ""


def _stands_in(label: str, text: str) -> bool:
    return f" {label} " in f" {text} "
