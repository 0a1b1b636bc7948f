"""What is said of how a score's answers came about: taken over, asked several times, or nothing."""

from storage.records import Json, Scorecard
from studio.views.asked import how_asked
from studio.views.scores import scorecard

NAMES = {"base": "Base", "tuned": "Tuned"}
TUESDAY = {"card": "c1", "at": 1_000_000.0}
NOW = 1_000_000.0 + 2 * 86_400


def line(column: str = "base", **more: object) -> Json:
    return {"column_id": column, "right": True, **more}


def test_what_was_asked_once_for_this_score_needs_no_word() -> None:
    assert how_asked([line(), line("tuned")], NAMES, NOW) == ""


def test_what_was_taken_over_names_the_score_that_asked_it() -> None:
    told = how_asked([line(taken_from=TUESDAY), line(taken_from=TUESDAY), line()], NAMES, NOW)
    assert told.startswith(
        "2 of 3 answers were taken over from [the score from 2 days ago](/scores?s=c1), as nothing that makes them"
    )
    assert "Ask everything anew" in told
    several = how_asked([line(taken_from=TUESDAY), line(taken_from={"card": "c2", "at": 1.0})], NAMES, NOW)
    assert several.startswith("2 of 2 answers were taken over from earlier scores, as")


def test_what_was_asked_several_times_says_how_it_counts() -> None:
    runs = [{"right": True}] * 3
    told = how_asked([line(runs=runs), line("tuned", runs=runs)], NAMES, NOW)
    assert told.startswith("Base and Tuned were asked each question 3 times")
    assert "more than half" in told
    assert how_asked([line(runs=runs), line("tuned")], NAMES, NOW).startswith("Base was asked")


def test_a_mean_of_shares_is_no_whole_number() -> None:
    rate = {"n": 20, "right": 0.35 + 1 / 60, "right_low": 0.2, "right_high": 0.5, "kinds": {}, "texts": 20}
    scores = {"exact_match": 0.0, "token_f1": 0.0, "rouge_l": 0.0, "seconds": 1.0, "tokens": 9.0}
    way = {"way": "base", "column_id": "base", "model": "starter", "times": 3, **rate, **scores}
    card = Scorecard("c", "j", "d", (way,), "scores/j.jsonl", 0.0)
    assert "[7.3 of 20]" in scorecard(card, "FAQ", "", (), 60.0)
