"""Beside a score stands whether its questions were unseen: by trainings, and by earlier scorings."""

from dataclasses import replace

from storage.records import Json, Scorecard
from studio.views import exam as view

NAMES = {"base": "Base", "tuned": "Tuned", "hybrid": "Hybrid"}
LEAKS = [{"row": 1, "example": 17, "how": "same"}, {"row": 2, "example": 4, "how": "answer"}]


def card(seen: Json | None, **asked: object) -> Scorecard:
    ways = [{"column_id": "base", "seen": None}, *({"column_id": name, "seen": seen} for name in ("tuned", "hybrid"))]
    return Scorecard("c", "j", "d", tuple(ways), "", 0.0, dict(asked))


def lines(right: str) -> list[Json]:
    return [
        {"column_id": column, "row": row, "question": f"Question {row}?", "right": mark == "x", "kind": ""}
        for row, mark in enumerate(right, 1)
        for column in NAMES
    ]


def seen(**more: object) -> Json:
    return {"known": True, "examples": "e", "leaks": LEAKS, **more}


def test_what_training_had_seen_is_told_with_the_share_right_without_it() -> None:
    told = view.unseen(card(seen()), lines("xxx.x"), NAMES)
    assert told.startswith("**2 of these 5 questions were in what Tuned and Hybrid were trained on**")
    assert "([which](/scores?s=c#training-saw))." in told
    assert "On the 3 others, Tuned was right on 2 (likely 21 to 94 of 100)." in told
    assert "Hybrid was right on 2" in told
    assert "There is no question that Tuned had not seen." in view.unseen(card(seen()), lines("x."), NAMES)


def test_questions_that_were_not_asked_do_not_count() -> None:
    told = view.unseen(card(seen()), [line for line in lines("xxx") if line["row"] != 2], NAMES)
    assert "**1 of these 2 questions was in what" in told


def test_that_nothing_leaked_and_that_it_can_not_be_told_are_said() -> None:
    assert view.unseen(card(seen(leaks=[])), lines("x"), NAMES) == (
        "This question does not stand in what Tuned and Hybrid were trained on."
    )
    told = view.unseen(card(seen(known=False, leaks=[])), lines("x"), NAMES)
    assert told.startswith("Whether Tuned and Hybrid were trained on these questions can't be told")
    assert view.unseen(card(None), lines("x"), NAMES) == ""
    old = replace(card(None), ways=({"column_id": "tuned"},))
    assert view.unseen(old, lines("x"), NAMES) == ""


def test_the_questions_are_listed_with_the_row_in_which_they_stand() -> None:
    listed = view.seen_questions(card(seen()), lines("x."), NAMES)
    assert "| 1. Question 1? | Tuned, Hybrid | the same question | [17](/rows?dataset=e) |" in listed
    assert "its wanted answer, word for word | [4](/rows?dataset=e) |" in listed
    assert view.seen_questions(card(seen(leaks=[])), lines("x"), NAMES) == ""


def test_sealed_questions_say_how_often_they_were_scored() -> None:
    def told(same: int, others: int = 0) -> str:
        sealed = card(None, sealed=True, scored_before=same, others_scored_before=others)
        return view.unseen(sealed, lines("x"), NAMES)

    assert "the first time" in told(0)
    assert told(1).startswith("**Scored once before: no longer an unseen exam.**")
    assert told(3, 2).startswith("**Scored 3 times before: no longer an unseen exam.**")
    assert told(0, 2).startswith("**Other versions of these sealed questions were scored 2 times before:**")
    assert view.unseen(card(None, sealed=False, scored_before=3), lines("x"), NAMES) == ""
