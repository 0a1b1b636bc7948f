"""Every question behind a score: filtered, in pages, with reasons and evidence, and no text of others as markup."""

from storage.records import Json
from studio.views import questions as view
from studio.views.questions import EVERY, Filter

NAMES = {"base": "○ Base", "documents": "■ Documents"}
PASSAGE = {"document": "returns.md", "page": 2, "score": 0.713, "text": "# Returns\n\nWithin 14 days | of delivery."}
CALL = {"tool": "look_up_orders", "arguments": {"order": "1"}, "result": "packed", "error": None, "seconds": 0.1}


def line(row: int, column: str, right: bool, **more: object) -> Json:
    return {
        "row": row,
        "question": f"Question {row}?",
        "kind": "facts" if row % 2 else "live",
        "expected": f"Answer {row}.",
        "accepted": [],
        "column_id": column,
        "way": column,
        "state": "finished",
        "answer": "It is so.",
        "right": right,
        "yardstick": "facts",
        "reason": "" if right else "it lacks “14 days”",
        "seconds": 2.8,
        "tokens": 39,
        "passages": [],
        "calls": [],
        **more,
    }


def both(row: int, base: bool, documents: bool) -> list[Json]:
    return [line(row, "base", base), line(row, "documents", documents)]


ASKED = view.questions([*both(1, True, True), *both(2, False, False), *both(3, False, True), *both(4, True, False)])


def rows(wanted: Filter) -> list[int]:
    return [one.row for one in view.chosen(ASKED, wanted)]


def test_the_filter_lets_through_what_it_names() -> None:
    assert rows(Filter()) == [1, 2, 3, 4]
    assert rows(Filter("wrong")) == [2, 3, 4]
    assert rows(Filter("differ")) == [3, 4]
    assert rows(Filter(kind="facts")) == [1, 3]
    assert rows(Filter("wrong", column="documents")) == [2, 4]
    assert rows(Filter("wrong", "live", "base")) == [2]


def test_a_question_shows_what_was_wanted_given_and_why_it_is_wrong() -> None:
    text = view.page(ASKED, NAMES, Filter(kind="facts"), 0)
    assert text.startswith("**Questions 1 to 2 of 2**")
    assert "### 3. Question 3?" in text
    assert "Wanted: Answer 3. · Facts in your documents" in text
    assert (
        "| **○ Base** | It is so.<br>2.8 s, 39 tokens | ✕ **wrong**: it lacks “14 days” | nothing looked up |" in text
    )
    assert "✓ **right**: its facts are there" in text


def test_of_one_column_only_its_answers_are_shown() -> None:
    text = view.page(ASKED, NAMES, Filter(column="documents"), 0)
    assert "■ Documents" in text
    assert "○ Base" not in text


def test_what_an_answer_rests_on_stands_behind_it() -> None:
    asked = view.questions([line(1, "documents", True, passages=[PASSAGE], calls=[CALL])])
    text = view.page(asked, NAMES, Filter(), 0)
    assert "1 **returns.md**, p. 2 (0.71): “Returns Within 14 days \\| of delivery.”" in text
    assert '**Look up orders** \\{"order": "1"\\} gave packed' in text
    failed = {**CALL, "result": None, "error": "There is no order 1."}
    assert "failed: There is no order 1." in view.page(
        view.questions([line(1, "base", False, calls=[failed])]), NAMES, Filter(), 0
    )


def test_an_answer_that_failed_and_one_that_must_decline_are_told_in_words() -> None:
    failed = line(1, "base", False, state="failed", answer="", reason="The model gave an empty answer.", tokens=0)
    unknown = line(2, "base", True, kind="unknown", expected="", yardstick="declines")
    text = view.page(view.questions([failed, unknown]), NAMES, Filter(), 0)
    assert "| – <br>" not in text
    assert "✕ **No answer**: The model gave an empty answer." in text
    assert "Wanted: to say that this cannot be known" in text
    assert "✓ **right**: says that it does not know" in text


def test_other_accepted_answers_are_wanted_too() -> None:
    text = view.page(view.questions([line(1, "base", True, accepted=["A week"])]), NAMES, Filter(), 0)
    assert "Wanted: Answer 1. / A week" in text


def test_texts_of_others_are_never_markup() -> None:
    nasty = line(1, "base", True, question="# <b>x</b> | [a](http://x)", answer="one\ntwo | <i>three</i>")
    text = view.page(view.questions([nasty]), NAMES, Filter(), 0)
    assert "<b>" not in text
    assert "<i>" not in text
    assert "one<br>two \\| &lt;i&gt;three" in text
    assert "](http" not in text


def test_ten_at_a_time() -> None:
    asked = view.questions([part for row in range(1, 24) for part in both(row, True, False)])
    assert view.page(asked, NAMES, Filter(), 1).startswith("**Questions 11 to 20 of 23**")
    assert view.page(asked, NAMES, Filter(), 99).startswith("**Questions 21 to 23 of 23**")
    assert [view.last_page(found) for found in (0, 1, 10, 11, 23)] == [0, 0, 0, 1, 2]
    assert view.page(asked, NAMES, Filter(kind="style"), 0) == "There is no such question among these."
    assert view.page(asked[:1], NAMES, Filter(kind=EVERY), 0).startswith("**Question 1 of 1**")
