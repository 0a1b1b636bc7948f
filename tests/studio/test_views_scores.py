from dataclasses import replace

from storage.records import Dataset, Job, JobState, Json, Scorecard
from studio.views import scores as view

FAQ = Dataset("d", "FAQ", 2, 214, 203, 40, {}, (), "faq.csv", 0.0)
KINDS = {"facts": {"n": 30, "right": 0.8}, "style": {"n": 10, "right": 1.0}}


def way(name: str, right: float, **more: object) -> Json:
    row = {"way": name, "column_id": name, "n": 40, "right": right, "right_low": right - 0.1, "right_high": right + 0.1}
    return {**row, "rouge_l": 0.41, "seconds": 2.8, "tokens": 30.0, "kinds": KINDS, **more}


CARD = Scorecard("c", "j", "d", (way("hybrid", 0.85), way("base", 0.2)), "scores/j.jsonl", 0.0)
ASKING = Job("j", "evaluate", JobState.RUNNING, {}, step=11, total_steps=40, seconds_left=360.0, phase="ask")


def test_only_sets_with_something_held_back_can_be_scored() -> None:
    assert view.source_choices([FAQ, replace(FAQ, id="e", held_out=0)]) == [("FAQ, version 2 (40 held back)", "d")]


def test_no_share_stands_without_its_number_and_range() -> None:
    shown = view.scorecard(CARD, "FAQ, version 2", 60.0)
    assert shown.startswith("## FAQ, version 2: 40 questions, scored 1 minute ago")
    assert "| **✚ Hybrid** | 34 of 40 | 75 and 95 of 100 | 0.41 | 2.8 s |" in shown
    assert shown.index("○ Base") < shown.index("✚ Hybrid")
    assert "could still be chance" in shown
    assert "(/downloads/answers/c.csv)" in shown


def test_right_answers_are_split_by_kind_of_question() -> None:
    shown = view.scorecard(CARD, "FAQ", 0.0)
    assert "| Facts in your documents (30) | 24 | 24 |" in shown
    assert "| Tone and wording (10) | 10 | 10 |" in shown
    one_kind = replace(CARD, ways=(way("base", 0.2, kinds={"": {"n": 40, "right": 0.2}}),))
    assert "by kind of question" not in view.scorecard(one_kind, "FAQ", 0.0)


def test_few_questions_give_no_verdict() -> None:
    few = replace(CARD, ways=(way("base", 0.5, n=8),))
    assert "8 questions are too few for a verdict." in view.scorecard(few, "FAQ", 0.0)


def test_scoring_is_told_in_words() -> None:
    assert "Question 12 of 40, about 6 minutes left" in view.standing(ASKING)
    assert view.standing(replace(ASKING, total_steps=0)) == "● Running, about 6 minutes left"
    assert view.standing(replace(ASKING, state=JobState.SUCCEEDED)) == ""
    failed = replace(
        ASKING, state=JobState.FAILED, failure_text="No way can answer yet", failure_next_step="Train one."
    )
    assert view.standing(failed) == "**✕** No way can answer yet. Nothing is lost. Train one."
    assert view.standing(None) == ""


def test_earlier_scores_are_links() -> None:
    assert view.earlier([CARD], [FAQ], 60.0) == "- [FAQ, version 2](/scores?s=c), 1 minute ago"
    assert view.source_name(replace(CARD, source="test.csv"), [FAQ]) == "test.csv"
