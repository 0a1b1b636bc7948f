"""The judge's part of Scores is drawn from what is kept, and its buttons do what they say."""

from typing import Any

import gradio as gr
import pytest

from jobs.evaluation.judge import judge_through
from jobs.models.patience import PatientDoor
from jobs.queue import Failure
from jobs.requests import Judge
from storage.errors import NotAllowed, UserFault
from storage.records import JobState, Scorecard
from storage.workspace import Workspace
from studio.bench import Bench
from studio.pages import score_drawing
from studio.pages.judging import COUNT, ask, dont_count, drawn, let_count, newest, stop
from studio.wording import judging as words
from tests.claimed import claimed_again
from tests.fakes import ScriptedModel
from tests.jobs.test_evaluation_judge import QUESTIONS, fair, keep, lines_of, mark_all
from tests.studio.test_pages_scores import bench as bench

SEEN, STANDING, REPORT, JUDGE, STOP, LET, DONT = range(COUNT)


@pytest.fixture
def card(workspace: Workspace) -> Scorecard:
    return keep(workspace, lines_of())


def judged(bench: Bench, card: Scorecard) -> str:
    """Press the button and do the worker's part."""
    job = ask(bench, card.id, f"key {len(bench.queue.list('judge'))}")
    request = Judge(card_id=card.id, pairs=1)
    context = claimed_again(bench.workspace, job, request)
    made = judge_through(PatientDoor(ScriptedModel(fair)), request, context)
    assert bench.queue.finish(context.job, result=made.result)
    return job.id


def visible(parts: list[Any]) -> list[bool]:
    """Which of the buttons judge, stop, let count and don't are there."""
    return [part["visible"] if isinstance(part, dict) else part.visible for part in parts[JUDGE:]]


def test_without_a_judging_there_is_one_button(bench: Bench, card: Scorecard) -> None:
    parts = drawn(bench, card.id, "")
    assert len(parts) == COUNT
    assert (parts[STANDING], parts[REPORT], visible(parts)) == ("", "", [True, False, False, False])
    assert parts[JUDGE].value == words.JUDGE
    assert drawn(bench, card.id, parts[SEEN]) == [gr.skip()] * COUNT
    assert visible(drawn(bench, "nowhere", "")) == [False] * 4
    with pytest.raises(UserFault):
        ask(bench, "nowhere", "key")


def test_a_judging_is_asked_for_once_and_can_be_stopped(bench: Bench, card: Scorecard) -> None:
    job = ask(bench, card.id, "a")
    assert ask(bench, card.id, "b").id == job.id
    assert visible(drawn(bench, card.id, "")) == [False, True, False, False]
    stop(bench, card.id)
    assert bench.queue.get(job.id).state is JobState.CANCELLED
    running = claimed_again(bench.workspace, ask(bench, card.id, "c"), Judge(card_id=card.id))
    stop(bench, card.id)
    assert bench.queue.get(running.job.id).finish_requested_at is not None
    assert visible(drawn(bench, card.id, "")) == [False, False, False, False]


def test_a_judging_that_failed_goes_on_by_the_same_button(bench: Bench, card: Scorecard) -> None:
    context = claimed_again(bench.workspace, ask(bench, card.id, "a"), Judge(card_id=card.id))
    assert bench.queue.fail(context.job, Failure("model_unavailable", "It is gone.", "Go on."))
    parts = drawn(bench, card.id, "")
    assert (parts[JUDGE].value, parts[STANDING]) == (words.GO_ON, "**✕** It is gone. Go on.")
    again = ask(bench, card.id, "b")
    assert again.parent_id == context.job.id


def test_it_counts_by_a_button_that_is_there_only_once_it_may(bench: Bench, card: Scorecard) -> None:
    job_id = judged(bench, card)
    parts = drawn(bench, card.id, "")
    assert visible(parts) == [True, False, False, False]
    assert parts[REPORT].startswith("**Only a hint.**")
    with pytest.raises(NotAllowed):
        let_count(bench, card.id)
    mark_all(bench.workspace, card, QUESTIONS)
    assert drawn(bench, card.id, parts[SEEN])[SEEN] != parts[SEEN], "marks are seen"
    assert visible(drawn(bench, card.id, "")) == [True, False, True, False]

    seen = score_drawing.draw(bench, card.id, score_drawing.NOTHING_SEEN)[0]
    let_count(bench, card.id)
    parts = drawn(bench, card.id, "")
    assert parts[REPORT].startswith("**The judge counts**")
    assert visible(parts) == [True, False, False, True]
    assert "a model judged it" in str(score_drawing.draw(bench, card.id, seen)), "the verdict names its yardstick"

    assert judged(bench, card) != job_id
    assert "An earlier judging counts" in drawn(bench, card.id, "")[REPORT]
    dont_count(bench, card.id)
    assert visible(drawn(bench, card.id, "")) == [True, False, True, False]
    assert newest(bench, "another") is None
