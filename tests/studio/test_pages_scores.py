"""The Scores page is drawn from what is kept, and only where something has changed."""

from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest

from jobs.answering.compare import Comparing
from jobs.answering.ways import columns_for, with_another
from jobs.context import JobContext
from jobs.evaluation.evaluate import evaluate_through
from jobs.evaluation.marking import marked
from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from jobs.queue import Failure, Queue
from jobs.requests import Choices, Evaluate
from storage.errors import ModelUnavailable
from storage.records import JobState
from storage.workspace import Workspace
from studio.bench import Bench
from studio.pages import score_cell, score_drawing
from studio.pages.score_drawing import COUNT, NOTHING_SEEN, draw
from studio.wording import scores as words
from tests.adapters import keep_adapter
from tests.claimed import claimed_context
from tests.documents import put_documents
from tests.fakes import ScriptedModel

TABLE = "question,answer\n" + "".join(f"What is the code of box {nr}?,B{nr}\n" for nr in range(1, 26))
SHOWN, RIGHT, WRONG, BACK = 3, 5, 6, 7  # parts of an answer that is shown
REVISION, STANDING, STOP, GO_ON, CARD_ID, CARD, FACTS, FACTS_BOX, EARLIER = range(COUNT)


def reply(chat: Chat) -> str:
    return "The code is B7."


@pytest.fixture
def bench(workspace: Workspace) -> Iterator[Bench]:
    door = ScriptedModel(reply)
    comparing = Comparing(workspace, door)
    yield Bench(workspace, Queue(workspace.database, workspace.clock), door, comparing)
    comparing.wait(20)


def begin(bench: Bench, *ways: str) -> tuple[Evaluate, JobContext]:
    (bench.workspace.folder("uploads") / "test.csv").write_text(TABLE)
    asked = Evaluate(source="uploads/test.csv", name="test.csv", choices=Choices(ways=ways))
    return asked, claimed_context(bench.workspace, asked)


def score(bench: Bench, *ways: str) -> str:
    asked, context = begin(bench, *ways)
    made = evaluate_through(PatientDoor(ScriptedModel(reply)), asked, context)
    assert bench.queue.finish(context.job, result=made.result, scorecard=made.scorecard)
    assert made.scorecard is not None
    return made.scorecard.id


def visible(part: Any) -> bool:
    return bool(part["visible"])


def test_without_scores_the_page_says_what_to_press(bench: Bench) -> None:
    drawn = draw(bench, "", NOTHING_SEEN)
    assert (len(drawn), drawn[CARD], drawn[CARD_ID]) == (COUNT, words.NONE, "")
    assert not any(visible(drawn[part]) for part in (STOP, GO_ON, FACTS_BOX))


def test_the_newest_score_is_shown_unless_the_address_names_another(bench: Bench) -> None:
    first, second = score(bench, "base", "tuned"), score(bench, "base")
    drawn = draw(bench, "", NOTHING_SEEN)
    assert drawn[CARD_ID] == second
    assert "**○ Base**" in drawn[FACTS]
    assert drawn[EARLIER].count("/scores?s=") == 2
    assert words.NEWER not in drawn[CARD]
    older = draw(bench, first, NOTHING_SEEN)
    assert older[CARD].startswith(f"{words.NEWER}. [{words.SHOW_NEWEST}](/scores?s={second})")
    assert older[CARD_ID] == first
    assert "Not asked: **◆ Tuned**. There is not yet a model" in older[CARD]
    assert draw(bench, "nowhere", NOTHING_SEEN)[CARD_ID] == second


def test_nothing_is_drawn_twice(bench: Bench) -> None:
    score(bench, "base")
    seen = draw(bench, "", NOTHING_SEEN)[REVISION]
    assert draw(bench, "", seen) == [gr.skip()] * COUNT
    score(bench, "base")
    assert draw(bench, "", seen)[REVISION] != seen


def test_a_scoring_in_hand_leaves_the_card_that_is_shown_alone(bench: Bench) -> None:
    score(bench, "base")
    seen = draw(bench, "", NOTHING_SEEN)[REVISION]
    _, context = begin(bench, "base")
    context.report("ask", 3, 25, 60.0)
    context.flush()
    drawn = draw(bench, "", seen)
    assert "Question 4 of 25" in drawn[STANDING]
    assert drawn[CARD_ID:] == [gr.skip()] * (COUNT - CARD_ID)


def test_a_scoring_that_runs_can_be_stopped_and_kept_once(bench: Bench) -> None:
    _, context = begin(bench, "base")
    context.report("ask", 11, 40, 360.0)
    context.flush()
    drawn = draw(bench, "", NOTHING_SEEN)
    assert "Question 12 of 40, about 6 minutes left" in drawn[STANDING]
    assert visible(drawn[STOP])
    bench.queue.request_finish(context.job.id)
    assert not visible(draw(bench, "", drawn[REVISION])[STOP])


def test_a_scoring_that_failed_after_it_began_can_go_on(bench: Bench) -> None:
    asked, context = begin(bench, "base")
    assert bench.queue.fail(context.job, Failure("user_error", "No rows.", "Add some."))
    assert not visible(draw(bench, "", NOTHING_SEEN)[GO_ON])

    asked, context = begin(bench, "base")

    def gone(_chat: Chat) -> str:
        raise ModelUnavailable("The model server does not answer.")

    with pytest.raises(ModelUnavailable):
        evaluate_through(PatientDoor(ScriptedModel(gone), waits_s=()), asked, context)
    assert bench.queue.fail(context.job, Failure("model_unavailable", "The model server does not answer.", "Go on."))
    drawn = draw(bench, "", NOTHING_SEEN)
    assert visible(drawn[GO_ON])
    assert "Nothing is lost." in drawn[STANDING]
    newest = score_drawing.newest(bench)
    assert newest is not None
    assert newest.state is JobState.FAILED


def test_a_judgement_is_overruled_with_a_reason_and_that_is_taken_back(bench: Bench) -> None:
    card_id, at = score(bench, "base"), ("base", 7)
    parts = score_cell.drawn(bench, card_id, at)
    assert parts[0] == at
    assert (visible(parts[RIGHT]), visible(parts[WRONG]), visible(parts[BACK])) == (False, True, False)
    say_wrong, take_back = score_cell._say(bench, "wrong", 9), score_cell._take_back(bench, 9)
    assert "There is no reason yet." in say_wrong(card_id, at, "  ", 0)[0]
    notice, said, *parts = say_wrong(card_id, at, "B7 of the other shelf", 0)
    assert (notice, said) == ("", 1)
    assert "You changed this from right to wrong: B7 of the other shelf" in parts[SHOWN]
    assert (visible(parts[RIGHT]), visible(parts[WRONG]), visible(parts[BACK])) == (True, False, True)
    (counted, lines) = marked(bench.workspace, bench.workspace.scorecards.get(card_id))
    assert counted.ways[0]["right"] == 0
    assert lines[6]["judged"]["right"] is True
    _, said, *parts = take_back(card_id, at, 1)
    assert said == 2
    assert "You changed this" not in parts[SHOWN]
    assert marked(bench.workspace, bench.workspace.scorecards.get(card_id))[0].ways[0]["right"] == pytest.approx(1 / 25)


def test_what_is_said_counts_for_every_way_that_said_the_same(bench: Bench) -> None:
    put_documents(bench.workspace, {"boxes.md": "# Boxes\n\nThe code of box 7 is B7."})
    card_id = score(bench, "base", "documents")
    lines = marked(bench.workspace, bench.workspace.scorecards.get(card_id))[1]
    same = {line["column_id"] for line in lines if line["row"] == 7 and "The code is B7." in line["answer"]}
    score_cell._say(bench, "wrong", 9)(card_id, ("base", 7), "so", 0)
    assert set(bench.workspace.marks.of(card_id)) == {(column, 7) for column in same}


def test_an_address_without_an_answer_shows_none(bench: Bench) -> None:
    card_id = score(bench, "base")
    assert score_cell.place_of({"q": "12", "w": "base"}) == ("base", 12)
    for asked in ({}, {"q": "x"}, {"q": "-1"}, {"w": "base"}):
        assert score_cell.place_of(asked) == score_cell.NOWHERE
    for at in (score_cell.NOWHERE, ("base", 99)):
        drawn = score_cell.drawn(bench, card_id, at)
        assert drawn[0] == score_cell.NOWHERE
        assert not visible(drawn[1])
    file = bench.workspace.home / bench.workspace.scorecards.get(card_id).answers_file
    file.unlink()
    assert score_cell.drawn(bench, card_id, ("base", 7))[0] == score_cell.NOWHERE


def test_another_trained_model_is_one_more_column(workspace: Workspace) -> None:
    first, second = keep_adapter(workspace, "Long"), keep_adapter(workspace, "Short")
    columns = with_another(columns_for(Choices(adapter_id=first.id), workspace), second)
    assert [(column.way, column.adapter_id) for column in columns if column.way == "tuned"] == [
        ("tuned", first.id),
        ("tuned", second.id),
    ]
    assert len({column.id for column in columns}) == 6
