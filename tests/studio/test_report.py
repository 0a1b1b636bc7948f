"""The report of a score is one page that holds everything, fetches nothing and runs nothing."""

import re

from jobs.evaluation.marking import with_marks
from storage.marks import Mark
from storage.records import Json, Scorecard
from studio.report import report

NASTY = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](https://example.com/y.png)"


def line(row: int, column: str, *, right: bool) -> Json:
    asked = {"row": row, "question": f"Question {row}? {NASTY}", "kind": "facts", "expected": "14 days", "accepted": []}
    given = {"column_id": column, "way": column, "state": "finished", "answer": f"Answer {NASTY}", "right": right}
    judged = {"yardstick": "facts", "reason": "it lacks 14", "seconds": 1.0, "tokens": 9}
    passages = [{"document": "a.md", "page": 0, "score": 0.5, "text": NASTY}]
    return {**asked, **given, **judged, "passages": passages, "calls": []}


def way(name: str, right: float) -> Json:
    rate = {"n": 25, "right": right, "right_low": right - 0.1, "right_high": min(1.0, right + 0.1), "texts": 25}
    scores = {"exact_match": 0.5, "token_f1": 0.6, "rouge_l": 0.4, "seconds": 1.0, "tokens": 9.0}
    return {
        "way": name,
        "column_id": name,
        "model": "starter",
        **rate,
        **scores,
        "kinds": {"facts": {"n": 25, "right": right}},
    }


def test_the_report_holds_everything_and_fetches_and_runs_nothing() -> None:
    lines = [line(row, column, right=column == "hybrid") for row in range(1, 26) for column in ("base", "hybrid")]
    card = Scorecard("c", "j", "d", (way("base", 0.0), way("hybrid", 1.0)), "scores/j.jsonl", 0.0)
    page = report(card, lines, "FAQ <b>", 60.0)
    assert "For these questions use Hybrid: clearly better than the other way" in page
    assert "<svg" in page
    assert page.count("<h3>") == 25 + 1
    assert "25. Question 25?" in page
    assert not re.search(
        r"<script|<img|<a |<b>|onerror=alert\(1\)>\s*<|href|src=[\"']", page.replace("onerror=alert(1)&gt;", "")
    )
    assert "default-src &#x27;none&#x27;" in page
    assert "/downloads/" not in page
    assert "Score the questions again to see them" in page, "a score of an older form is told all the same"


def test_the_report_says_what_a_person_overruled_and_why() -> None:
    lines = [line(row, column, right=column == "hybrid") for row in range(1, 26) for column in ("base", "hybrid")]
    told = with_marks(lines, {("base", 3): Mark("right", "it is meant so")})
    card = Scorecard("c", "j", "d", (way("base", 0.04), way("hybrid", 1.0)), "scores/j.jsonl", 0.0)
    assert "You changed this from wrong to right: it is meant so" in report(card, told, "FAQ", 60.0)
