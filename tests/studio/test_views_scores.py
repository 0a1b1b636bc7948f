from dataclasses import replace

from storage.question_sets import QuestionSet
from storage.records import Dataset, Job, JobState, Json, Scorecard
from studio.views import scores as view

FAQ = Dataset("d", "FAQ", 2, 214, 203, 40, {}, (), "faq.csv", 0.0)
KINDS = {"facts": {"n": 30, "right": 0.8}, "style": {"n": 10, "right": 1.0}}


def way(name: str, right: float, **more: object) -> Json:
    row = {"way": name, "column_id": name, "n": 40, "right": right, "right_low": right - 0.1, "right_high": right + 0.1}
    scores = {"texts": 38, "exact_match": 0.5, "token_f1": 0.62, "rouge_l": 0.41, "seconds": 2.8, "tokens": 30.4}
    return {**row, **scores, "kinds": KINDS, **more}


CARD = Scorecard("c", "j", "d", (way("hybrid", 0.85), way("base", 0.2)), "scores/j.jsonl", 0.0)
ASKING = Job("j", "evaluate", JobState.RUNNING, {}, step=11, total_steps=40, seconds_left=360.0, phase="ask")


def shown(card: Scorecard = CARD, *missing: Json) -> str:
    return view.scorecard(card, "FAQ, version 2", "### The verdict", missing, 60.0)


def test_what_can_be_scored_is_offered_newest_first() -> None:
    nothing_held_back = replace(FAQ, id="e", held_out=0)
    sets = [
        QuestionSet("t", "test.csv", 3, "uploads/t.csv", 8, "0", sealed=False, created_at=5.0),
        QuestionSet("s", "one.csv", 1, "s", 1, "0", sealed=True, created_at=-1.0),
    ]
    assert view.source_choices([FAQ, nothing_held_back], sets) == [
        ("test.csv, version 3 (8 questions)", "t"),
        ("FAQ, version 2 (40 held back)", "d"),
        ("one.csv, version 1 (1 question, sealed)", "s"),
    ]


def test_no_share_stands_without_its_number_and_range() -> None:
    text = shown()
    assert text.startswith("## FAQ, version 2: 40 questions, scored 1 minute ago")
    row = (
        "| **✚ Hybrid** | [34 of 40](/scores?s=c&w=hybrid#every-question) | 75 and 95 of 100 | 19 of 38 | 0.62 | 0.41 "
    )
    assert f"{row}| 2.8 s | 30 |" in text
    assert text.index("**○ Base**") < text.index("**✚ Hybrid**")
    assert text.index("### The verdict") < text.index("![")
    assert "%" not in text


def test_the_picture_says_its_result_in_words() -> None:
    assert "![Right answers of 100, with the range that chance allows (more is better): Base 8 of 40, likely" in shown()
    assert "](/charts/scores/c.svg?rev=34-8)" in shown()


def test_everything_can_be_taken_away() -> None:
    for address in (
        "/downloads/answers/c.csv",
        "/downloads/answers/c.jsonl",
        "/downloads/scores/c.json",
        "/downloads/scores/c.html",
        "/scores?s=c",
    ):
        assert f"]({address})" in shown()


def test_right_answers_are_split_by_kind_and_each_number_leads_to_its_questions() -> None:
    text = shown()
    facts = "| [Facts in your documents](/scores?s=c&k=facts#every-question) "
    number = "[24 of 30](/scores?s=c&k=facts&w={}#every-question)"
    assert f"{facts}| {number.format('base')} | {number.format('hybrid')} |" in text
    assert "[10 of 10](/scores?s=c&k=style&w=base#every-question)" in text
    assert text.index("Tone and wording") < text.index("Facts in your documents")
    assert "a hint and no verdict" in text
    many = {"facts": {"n": 20, "right": 0.5}, "style": {"n": 20, "right": 0.5}}
    assert "a hint and no verdict" not in shown(replace(CARD, ways=(way("base", 0.5, kinds=many),)))
    one_kind = replace(CARD, ways=(way("base", 0.2, kinds={"": {"n": 40, "right": 0.2}}),))
    assert "by kind of question" not in shown(one_kind)


def test_a_kind_of_ones_own_follows_the_known_ones() -> None:
    kinds = {kind: {"n": 1, "right": 1.0} for kind in ("warranty", "", "unknown", "style")}
    assert view.kinds_of(replace(CARD, ways=(way("base", 1.0, kinds=kinds),))) == ["style", "unknown", "", "warranty"]
    assert view.kind_name("warranty") == "warranty"
    assert view.kind_name("") == "Other"


def test_answers_that_failed_are_told_only_where_there_are_any() -> None:
    assert "No answer" not in shown()
    assert "| 30 | 3 |" in shown(replace(CARD, ways=(way("base", 0.5, failed=3), way("tuned", 0.5, failed=0))))


def test_questions_without_a_wanted_text_have_no_closeness() -> None:
    assert "| – | – | – | 2.8 s |" in shown(replace(CARD, ways=(way("base", 0.5, texts=0),)))


def test_a_way_that_was_not_asked_says_why_and_where_that_is_mended() -> None:
    missing = {"way": "tuned", "column_id": "tuned", "what": "There is not yet a model.", "where": "/train"}
    assert "- Not asked: **◆ Tuned**. There is not yet a model. [Train one](/train)" in shown(CARD, missing)


def test_two_columns_of_a_way_are_told_apart_by_their_model() -> None:
    both = (way("tuned", 0.5, adapter="Long *tone*"), way("tuned", 0.6, column_id="tuned-2", adapter="Short"))
    card = replace(CARD, ways=(*both, way("base", 0.2)))
    assert view.column_names(card) == {
        "base": "○ Base",
        "tuned": "◆ Tuned (Long *tone*)",
        "tuned-2": "◆ Tuned (Short)",
    }
    assert "**◆ Tuned \\(Long \\*tone\\*\\)**" in shown(card)


def test_what_was_scored_is_told_as_the_server_reported_it() -> None:
    reported = {"base_sha256": ["b" * 64], "adapter_sha256": ["a" * 64], "index_version": [3, 4]}
    examples = {"id": "d", "name": "FAQ", "version": 2}
    hybrid = way(
        "hybrid", 0.5, model="starter", adapter_id="x", adapter="Tone", examples=examples,
        collection="Manuals", documents=8, tools=["look_up_orders"], reported=reported,
    )  # fmt: skip
    text = view.facts(replace(CARD, ways=(hybrid, way("base", 0.2, model="starter"))))
    assert "Tone \\(FAQ, version 2\\) `aaaa…aaaa`" in text
    assert "Manuals, 8 documents, version 3, then 4 of the index" in text
    assert "Look up orders" in text
    assert "| **○ Base** | starter `not reported` | – | – | – |" in text


def test_scoring_is_told_in_words() -> None:
    assert "Question 12 of 40, about 6 minutes left" in view.standing(ASKING)
    assert view.standing(replace(ASKING, total_steps=0)) == "● Running, about 6 minutes left"
    assert view.standing(replace(ASKING, state=JobState.SUCCEEDED)) == ""
    assert "not running just now" in view.standing(replace(ASKING, state=JobState.QUEUED), working=False)
    failed = replace(
        ASKING, state=JobState.FAILED, failure_text="No way can answer yet", failure_next_step="Train one."
    )
    assert view.standing(failed) == "**✕** No way can answer yet. Nothing is lost. Train one."
    assert view.standing(None) == ""


def test_earlier_scores_are_links() -> None:
    assert view.earlier([CARD], [FAQ], 60.0) == "- [FAQ, version 2](/scores?s=c), 1 minute ago"
    assert view.source_name(replace(CARD, source="test.csv"), [FAQ]) == "test.csv"
    asked = {"kind": "set", "name": "Exam", "version": 3}
    assert view.source_name(replace(CARD, source="s", questions=asked), [FAQ]) == "Exam, version 3"


def test_scores_of_an_older_form_are_still_shown() -> None:
    keys = ("way", "column_id", "n", "right", "right_low", "right_high", "exact_match", "token_f1", "rouge_l")
    old = {key: way("base", 0.2)[key] for key in (*keys, "seconds", "tokens")}
    assert "8 of 40" in shown(replace(CARD, ways=(old,)))
    assert "not reported" in view.facts(replace(CARD, ways=(old,)))


def test_what_ways_that_look_things_up_rested_on_is_told() -> None:
    evidence = {"passages_expected": 12, "recall": 0.75, "precision": 0.25, "calls_expected": 8, "tool_match": 1.0}
    evidence |= {"arguments_expected": 0, "argument_match": 0.0}
    hybrid = way("hybrid", 0.85, collection="Manuals", tools=["calculator"], **evidence)
    text = shown(replace(CARD, ways=(hybrid, way("base", 0.2, **evidence))))
    assert "| **✚ Hybrid** | 0.75 (12) | 0.25 (12) | 1.00 (8) | – |" in text
    assert text.count("Document found") == 1
    assert "| **○ Base** | 0.75" not in text
    assert "Document found" not in shown()
