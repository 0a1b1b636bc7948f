"""Marks over scored answers: hidden, shown once, counted instead of the automatic judgement, and compared with it."""

import json
import uuid
from pathlib import Path

import pytest

from jobs.evaluation.marking import agreement, alike, marked, next_sheet, sheets, with_marks
from jobs.queue import Queue
from jobs.requests import Evaluate
from storage.errors import NotFound
from storage.marks import Mark
from storage.records import Json, Scorecard
from storage.removing import remove_scorecard
from storage.workspace import Workspace
from tests.claimed import claimed_context


def line(row: int, column: str, answer: str, right: bool, yardstick: str = "facts") -> Json:
    told = {"row": row, "column_id": column, "way": column, "question": f"Question {row}?", "kind": "facts"}
    judged = {"answer": answer, "right": right, "yardstick": yardstick, "reason": "" if right else "no 14"}
    return {**told, **judged, "expected": "14 days", "accepted": [], "state": "finished"}


LINES = [
    line(1, "base", "Two weeks.", False),
    line(1, "tuned", "Two  weeks.", False),
    line(1, "hybrid", "14 days.", True),
    line(2, "base", "No.", False, "exact"),
    line(2, "tuned", "Yes.", True, "exact"),
    line(2, "hybrid", "Yes.", True, "exact"),
]


@pytest.fixture
def card(workspace: Workspace) -> Scorecard:
    ways = tuple({"way": way, "column_id": way, "n": 2, "right": 0.5} for way in ("base", "tuned", "hybrid"))
    (workspace.home / "scores").mkdir(exist_ok=True)
    Path(workspace.home / "scores" / "a.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in LINES))
    context = claimed_context(workspace, Evaluate(source="d"))
    kept = Scorecard(str(uuid.uuid4()), context.job.id, "d", ways, "scores/a.jsonl", 1.0)
    assert Queue(workspace.database, workspace.clock).finish(context.job, result={}, scorecard=kept)
    return kept


def test_answers_that_say_the_same_are_marked_at_once_and_their_order_tells_nothing() -> None:
    found = sheets(LINES, "a card")
    assert [sheet.line["row"] for sheet in found] == [1, 1, 2, 2]
    assert [sheet.number for sheet in found] == [1, 2, 3, 4]
    assert {sheet.places for sheet in found[:2]} == {(("base", 1), ("tuned", 1)), (("hybrid", 1),)}
    orders = {tuple(sheet.line["answer"] for sheet in sheets(LINES, f"card {number}")[:2]) for number in range(20)}
    assert len(orders) == 2


def test_what_was_said_is_kept_and_marking_goes_on_where_it_was(workspace: Workspace, card: Scorecard) -> None:
    asked = sheets(LINES, card.id)
    before = workspace.marks.revision(card.id)
    assert next_sheet(asked, workspace.marks.of(card.id)) == asked[0]
    workspace.marks.put(card.id, asked[0].places, Mark("right", blind=True))
    workspace.marks.put(card.id, asked[2].places, Mark("skip"))
    assert workspace.marks.revision(card.id) != before
    assert next_sheet(asked, workspace.marks.of(card.id), after=1) == asked[1]
    assert next_sheet(asked, workspace.marks.of(card.id), after=2) == asked[3]
    workspace.marks.put(card.id, asked[3].places, Mark("wrong", "not so"))
    assert next_sheet(asked, workspace.marks.of(card.id), after=4) == asked[1], "what was left out comes at the end"
    workspace.marks.put(card.id, asked[1].places, Mark("wrong"))
    assert next_sheet(asked, workspace.marks.of(card.id)) is None
    workspace.marks.take_back(card.id, asked[1].places)
    assert next_sheet(asked, workspace.marks.of(card.id)) == asked[1]


def test_marks_count_instead_of_the_automatic_judgement(workspace: Workspace, card: Scorecard) -> None:
    assert marked(workspace, card) == (card, LINES)
    workspace.marks.put(card.id, [("base", 1), ("tuned", 1)], Mark("right", "the same in words"))
    counted, lines = marked(workspace, card)
    assert [way["right"] for way in counted.ways] == [0.5, 1.0, 1.0]
    assert counted.ways[0]["kinds"] == {"facts": {"n": 2, "right": 0.5}}
    assert (lines[0]["right"], lines[0]["yardstick"], lines[0]["reason"]) == (True, "marked", "the same in words")
    assert lines[0]["judged"] == {"right": False, "yardstick": "facts", "reason": "no 14"}
    assert lines[2] == LINES[2]


def test_answers_that_say_the_same_to_a_question_are_found_together() -> None:
    assert alike(LINES, ("tuned", 1)) == (("tuned", 1), ("base", 1))
    assert alike(LINES, ("hybrid", 1)) == (("hybrid", 1),)
    assert alike(LINES, ("nobody", 1)) == ()


def test_a_skipped_answer_stays_as_it_was_judged() -> None:
    assert with_marks(LINES, {("base", 1): Mark("skip")}) == LINES


def test_agreement_is_told_for_each_yardstick() -> None:
    marks = {
        ("base", 1): Mark("right", blind=True),
        ("hybrid", 1): Mark("right", blind=True),
        ("base", 2): Mark("wrong", blind=True),
        ("tuned", 2): Mark("right", blind=True),
        ("tuned", 1): Mark("right", "seen, and so no proof of anything"),
    }
    told = agreement(LINES, marks)
    assert told["exact"] == (2, 2, 1.0)
    assert told["facts"][:2] == (1, 2)
    assert agreement(LINES, {("base", 1): Mark("skip")}) == {}


def test_a_score_that_is_gone_takes_its_marks_along(workspace: Workspace, card: Scorecard) -> None:
    workspace.marks.put(card.id, [("base", 1)], Mark("right"))
    remove_scorecard(workspace.database, card.id)
    assert workspace.marks.of(card.id) == {}
    with pytest.raises(NotFound):
        workspace.marks.put(card.id, [("base", 1)], Mark("right"))
