"""Scores against hand-computed values."""

import pytest

from jobs.metrics.rouge import rouge_l
from jobs.metrics.scores import exact_match, normalise, token_f1


def test_normalising_drops_case_punctuation_and_articles() -> None:
    assert normalise("The  “TrailMaster”, an X4!") == "trailmaster x4"
    assert normalise("返品は、できます。") == "返品はできます"


@pytest.mark.parametrize(
    ("given", "expected", "score"),
    [
        ("Card_arrival.", ["card_arrival"], 1.0),
        ("the Paris", ["paris"], 1.0),
        ("It is Paris", ["Paris"], 0.0),
        ("NYC", ["New York", "nyc"], 1.0),
        ("", ["x"], 0.0),
    ],
)
def test_exact_match(given: str, expected: list[str], score: float) -> None:
    assert exact_match(given, expected) == score


@pytest.mark.parametrize(
    ("given", "expected", "score"),
    [
        ("the cat sat", ["a cat sat"], 1.0),  # articles do not count
        ("cat sat down", ["cat sat"], 0.8),  # precision 2/3, recall 1
        ("dog", ["cat"], 0.0),
        ("red red", ["red"], 2 / 3),  # a word counts as often as it stands there
        ("dog", ["cat", "dog"], 1.0),
        ("", [""], 1.0),
        ("返品できます", ["返品できます"], 1.0),
        ("返品です", ["返品"], 2 / 3),  # letter by letter: precision 2/4, recall 1
    ],
)
def test_token_f1(given: str, expected: list[str], score: float) -> None:
    assert token_f1(given, expected) == pytest.approx(score)


@pytest.mark.parametrize(
    ("given", "expected", "score"),
    [
        ("the cat sat on the mat", ["the cat is on the mat"], 5 / 6),
        ("police kill the gunman", ["police killed the gunman"], 0.75),  # Lin 2004, section 3
        ("the gunman kill police", ["police killed the gunman"], 0.5),
        ("Größe über alles", ["Größe über alles"], 1.0),
        ("x", ["y", "x"], 1.0),
        ("", ["y"], 0.0),
    ],
)
def test_rouge_l(given: str, expected: list[str], score: float) -> None:
    assert rouge_l(given, expected) == pytest.approx(score)
