"""Each wrong answer has the cause that its evidence tells, and each cause leads to where it is mended."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from jobs.evaluation.causes import Cause, Group, cause_of, groups
from storage.records import Json, Scorecard
from studio.views import doing as view
from studio.wording import doing as words

READING: Json = {"column_id": "documents", "way": "documents", "collection": "Manuals & more"}
CALLING: Json = {"column_id": "tools", "way": "tools", "tools": ["look_up_orders"]}
BARE: Json = {"column_id": "base", "way": "base"}
HELD = [{"document": "returns.md", "text": "You may return it within 30 days."}]
OTHER = [{"document": "about.md", "text": "We have been here since 1998."}]


def line(kind: str = "facts", **more: object) -> Json:
    asked = {"row": 1, "question": "Within how many days?", "kind": kind, "expected": "30 days.", "accepted": []}
    given = {"state": "finished", "answer": "14", "right": False, "yardstick": "facts", "column_id": "documents"}
    rests_on = {"passages": [], "calls": [], "found": None, "called": None, "expected_call": "", "expected_passage": ""}
    return {**asked, **given, **rests_on, **more}


def call(error: str | None = None) -> Json:
    return {"tool": "look_up_orders", "arguments": {}, "result": None if error else "sent", "error": error}


@pytest.mark.parametrize(
    ("wrong", "way", "cause"),
    [
        (line(state="failed"), READING, "failed"),
        (line("unknown"), READING, "made_up"),
        (line("style"), READING, "tone"),
        (line(yardstick="style"), READING, "tone"),
        (line(yardstick="marked", judged={"yardstick": "style"}), READING, "tone"),
        (line("live"), BARE, "no_tool"),
        (line("live"), CALLING, "tool"),
        (line("live", calls=[call("No row.")]), CALLING, "tool"),
        (line("live", calls=[call()]), CALLING, "misread"),
        (line("live", calls=[call()], called={"tool": True, "arguments": False}), CALLING, "tool"),
        (line("live", calls=[call()], called={"tool": False, "arguments": None}), CALLING, "tool"),
        (line("mixed", calls=[call()], called={"tool": True, "arguments": None}), CALLING, "no_document"),
        (line(calls=[call("No row.")]), CALLING, "tool"),
        (line(), BARE, "no_document"),
        (line("", expected_passage="returns.md"), BARE, "no_document"),
        (line(), READING, "not_found"),
        (line(passages=OTHER), READING, "not_found"),
        (line(passages=HELD), READING, "misread"),
        (line(passages=OTHER, found={"recall": 1.0}), READING, "misread"),
        (line(passages=HELD, found={"recall": 0.0}), READING, "not_found"),
        (line(""), BARE, "not_learned"),
    ],
)  # fmt: skip
def test_a_wrong_answer_has_the_cause_that_its_evidence_tells(wrong: Json, way: Json, cause: Cause) -> None:
    assert cause_of(wrong, way) == cause


def test_only_wrong_answers_of_the_column_are_grouped_the_most_frequent_cause_first() -> None:
    lines = [line(), line(passages=HELD), line(passages=HELD), line(right=True), line(column_id="base")]
    assert [(one.cause, len(one.lines)) for one in groups(lines, READING)] == [("misread", 2), ("not_found", 1)]


def test_all_ways_stand_in_one_table() -> None:
    card = Scorecard("c", "j", "d", (READING, BARE), "", 0.0)
    told = view.table(card, [line(), line(passages=HELD), line(column_id="base")])
    assert "| Likely cause | ○ Base | ■ Documents |" in told
    assert "| Needs a fact of your documents, and this way reads none | 1 | – |" in told
    assert "| What it read does not hold the answer | – | 1 |" in told
    assert view.table(card, [line(right=True)]) == ""
    assert view.overview(card, [line()]) == view.table(card, [line()])
    assert view.overview(replace(card, questions={"sealed": True}), [line()]).startswith(
        "**These questions are sealed.**"
    )


def test_a_group_says_its_questions_and_what_helps() -> None:
    lines = tuple(line(question=f"How *many* {nr}?") for nr in range(6))
    told = view.group(Group("tone", lines), "c", "documents")
    assert told.startswith("**6 answers: Not in your tone or form**")
    assert "How \\*many\\* 3?; and 2 more (" in told
    assert "(/scores?s=c&w=documents#every-question)" in told


@pytest.mark.parametrize(
    ("cause", "dataset", "address"),
    [
        ("tone", "d1", "/rows?dataset=d1&kind=style"),
        ("made_up", "d1", "/rows?dataset=d1&kind=unknown"),
        ("not_learned", "d1", "/rows?dataset=d1"),
        ("not_learned", "", "/examples"),
        ("tool", "d1", "/tools"),
        ("not_found", "d1", "/documents?collection=Manuals+%26+more"),
        ("failed", "d1", "/scores?s=c&w=documents#every-question"),
    ],
)
def test_each_cause_leads_to_where_it_is_mended(cause: Cause, dataset: str, address: str) -> None:
    card = Scorecard("c", "j", "d", (READING,), "", 0.0)
    assert view.leads_to(Group(cause, (line(),)), card, READING, dataset) == address


def test_every_cause_has_its_words() -> None:
    told: tuple[Mapping[str, str], ...] = (words.CAUSES, words.HELPS, words.ACTIONS)
    assert len({frozenset(one) for one in told}) == 1


def test_drafts_are_made_of_what_was_misread() -> None:
    lines = (line(passages=HELD), line(passages=[*OTHER, *HELD]))
    assert view.drafts_from(Group("misread", lines)) == ["returns.md", "about.md"]
