"""The judge's part of Scores is drawn from what is kept, and its buttons do what they say."""

from typing import Any, cast

import gradio as gr
import pytest

from jobs.evaluation.judge import judge_through
from jobs.models.patience import PatientDoor
from jobs.queue import Failure
from jobs.requests import Judge
from storage.errors import NotAllowed, UserFault
from storage.records import JobState, Scorecard
from storage.settings import Settings
from storage.workspace import Workspace
from studio.bench import Bench
from studio.commands.judging import judged_by
from studio.commands.working import Desk
from studio.judged import newest
from studio.needing import Needed
from studio.pages import score_drawing
from studio.pages.judging import COUNT, ask, dont_count, drawn, let_count, stop
from studio.wording import judging as words
from tests.claimed import claimed_again
from tests.fakes import ScriptedModel
from tests.jobs.test_evaluation_judge import QUESTIONS, fair, keep, lines_of, mark_all
from tests.studio.mounted import mounted
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
    assert newest(bench.queue, "another") is None


def test_what_the_judge_said_is_in_everything_taken_away(bench: Bench) -> None:
    given = {"seconds": 1.0, "tokens": 9, "passages": [], "calls": []}
    card = keep(bench.workspace, [one | given for one in lines_of()])
    with mounted(bench.workspace) as client:
        address = f"/downloads/scores/{card.id}"
        assert client.get(f"{address}.json").json()["judge"] is None
        assert words.REPORT not in client.get(f"{address}.html").text
        judged(bench, card)
        told = client.get(f"{address}.json").json()["judge"]
        assert (told["model"], told["counts"], told["marked"]) == ("starter", False, 0)
        assert sum(told["answers"].values()) == 2 * QUESTIONS - 1, "the last question has the same answer twice"
        page = client.get(f"{address}.html").text
    assert f"<h2>{words.REPORT}</h2>" in page
    assert "<strong>Only a hint.</strong>" in page
    assert "The judge was starter." in page
    assert page.index(words.REPORT) < page.index("Every question")


class Judging:
    """In place of a running worker: whenever a command looks whether it runs, it does what waits, or fails at it."""

    def __init__(self, bench: Bench, failure: Failure | None = None) -> None:
        self._bench, self._failure = bench, failure

    def ensure(self) -> None:
        for job in self._bench.queue.list("judge"):
            if job.state is not JobState.QUEUED:
                continue
            context = claimed_again(self._bench.workspace, job, Judge.model_validate(job.spec))
            if self._failure is not None:
                assert self._bench.queue.fail(context.job, self._failure)
                continue
            made = judge_through(PatientDoor(ScriptedModel(fair)), Judge.model_validate(job.spec), context)
            assert self._bench.queue.finish(context.job, result=made.result)


def test_a_command_lets_a_model_judge_and_tells_it_plainly(bench: Bench, card: Scorecard, settings: Settings) -> None:
    at = Desk(settings, bench.workspace, bench.queue)
    said = judged_by(at, card.job_id, cast(Needed, Judging(bench)))
    assert said.document is not None
    assert (said.document["answers"]["right"], said.document["pairs"][0]["first"]) == (35, "tuned")
    text = "\n".join(said.lines)
    assert "Only a hint. None of this enters the verdict above." in text
    assert "Base: right, says the judge, 12 of 24; as counted now 12 of 24." in text
    assert "*" not in text
    assert said.failure == ""


def test_a_command_whose_judge_fails_says_why(bench: Bench, card: Scorecard, settings: Settings) -> None:
    failing = Judging(bench, Failure("model_unavailable", "It is gone.", "Start it."))
    said = judged_by(Desk(settings, bench.workspace, bench.queue), card.job_id, cast(Needed, failing))
    assert (said.document, said.lines) == (None, ())
    assert "It is gone." in said.failure
