"""Two scores of the same questions: what got better, what broke, and whether that is more than chance."""

from jobs.evaluation.changing import changed
from storage.records import Json, Scorecard
from studio.views.changing import changes, earlier_choices, versions


def lines(rights: dict[str, str]) -> list[Json]:
    return [
        {"column_id": column, "question": f"Question {row}?", "right": mark == "x"}
        for column, marks in rights.items()
        for row, mark in enumerate(marks)
    ]


BEFORE = lines({"base": "x" * 4 + "." * 8, "gone": "x"})
AFTER = lines({"base": "." + "x" * 11, "new": "x", "other": ""})


def test_what_got_better_and_what_broke() -> None:
    (told,) = changed(BEFORE, AFTER)
    assert (told.column_id, told.before, told.after, told.n) == ("base", 4, 11, 12)
    assert told.better == tuple(f"Question {row}?" for row in range(4, 12))
    assert told.broke == ("Question 0?",)
    assert told.clear
    assert not changed(lines({"base": "x."}), lines({"base": ".x"}))[0].clear


def test_it_is_told_in_words() -> None:
    said = changes(changed(BEFORE, AFTER), {"base": "Base"})
    assert "| **Base** | 4 of 12 | 11 of 12 | 7 more, clearly |" in said
    assert "**Base**, broke: Question 0?" in said
    chance = changes(changed(lines({"base": "x.."}), lines({"base": ".x."})), {"base": "Base"})
    assert "as many" in chance
    assert "which could be chance" in changes(changed(lines({"a": "x."}), lines({"a": ".."})), {})
    assert "nothing" not in said
    assert "no question and way in common" in changes([], {})


def test_only_scores_of_the_same_questions_are_offered() -> None:
    cards = [Scorecard(str(number), "j", source, (), "", float(number)) for number, source in enumerate("aba")]
    assert [value for _, value in earlier_choices(cards[0], cards, 60.0)] == ["2"]


def test_other_versions_of_the_same_questions_are_offered_and_told() -> None:
    def card(number: int, source: str, **asked: object) -> Scorecard:
        return Scorecard(str(number), "j", source, (), "", float(number), dict(asked))

    exam = {"kind": "set", "name": "Exam"}
    first, second = card(1, "s1", **exam, version=1), card(2, "s2", **exam, version=2)
    cards = [second, first, card(0, "Exam"), card(3, "s3", kind="set", name="Other", version=1)]
    assert earlier_choices(second, cards, 60.0) == [
        ("Version 1, scored just now", "1"),
        ("Scored 1 minute ago", "0"),
    ]
    assert versions(second, first).startswith("This score asked version 2 of Exam, the other one version 1: only")
    assert versions(first, first) == versions(first, cards[2]) == ""
