"""More measures of a score: those that fit its questions, each explained; what was not measured says so."""

from storage.records import Json, Scorecard
from studio.report import report
from studio.views.measures import measures

CITED = {"sentences": 17, "marked": 14, "supported": 13}
LABELS = {
    "names": ["Refund", "*Other*"],
    "matrix": [[20, 2, 1], [0, 5, 2]],
    "accuracy": 25 / 30,
    "macro_f1": 0.71,
    "n": 30,
}


def way(name: str, **more: object) -> Json:
    row = {"way": name, "column_id": name, "n": 40, "texts": 38, "right": 0.5, "right_low": 0.4, "right_high": 0.6}
    usual = {"exact_match": 0.5, "token_f1": 0.62, "rouge_l": 0.41, "seconds": 2.8, "tokens": 30.4}
    near = {"same_text": 0.5, "similarity": 0.713, "embedder": "minilm-1", "labels": None}
    return {**row, **usual, **near, "numbers_expected": 0, "number_within": None, "cited": _no_marks(), **more}


def _no_marks() -> Json:
    return dict.fromkeys(CITED, 0)


def card(*ways: Json) -> Scorecard:
    return Scorecard("c", "j", "d", ways, "scores/j.jsonl", 0.0)


def test_each_measure_that_fits_the_questions_is_told_and_explained() -> None:
    text = measures(card(way("hybrid", cited=CITED, numbers_expected=8, number_within=0.75), way("base")))
    assert (
        "| Way | Letter for letter | Number within 1 % | Near in meaning | Marks that hold | Sentences without" in text
    )
    assert "| **✚ Hybrid** | 19 of 38 | 6 of 8 | 0.71 | 13 of 14 | 3 of 17 |" in text
    assert "| **○ Base** | 19 of 38 | – | 0.71 | – | – |" in text
    assert "Measured by `minilm-1`." in text
    assert "Right label" not in text, "these questions want no labels"
    assert "vectors" not in text


def test_labels_are_told_with_what_was_given_for_what() -> None:
    text = measures(card(way("tuned", labels=LABELS)))
    assert "| 25 of 30 (0.71) |" in text
    assert "**What Tuned gave for each wanted label**" in text
    assert "| Wanted | Refund | \\*Other\\* | none of them |" in text
    assert "| **Refund** | 20 | 2 | 1 |" in text


def test_what_was_not_measured_says_so_and_is_never_0() -> None:
    text = measures(card(way("base", similarity=None, embedder=None)))
    assert "| **○ Base** | 19 of 38 | not measured |" in text
    assert "has no model that turns texts into vectors" in text


def test_a_score_of_an_older_form_says_so() -> None:
    old = way("base")
    del old["same_text"]
    assert "made before these were measured" in measures(card(old))


def test_the_report_tells_them_too() -> None:
    page = report(card(way("tuned", labels=LABELS, kinds={})), [], "FAQ", 0.0)
    assert "<h2>More measures</h2>" in page
    assert "<td>25 of 30 (0.71)</td>" in page
