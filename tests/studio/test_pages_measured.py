"""The measured table on Scores: drawn from what is kept, each button asks for its rows once."""

from collections.abc import Iterator

import gradio as gr
import pytest

from jobs.answering.compare import Comparing
from jobs.queue import Failure, Queue
from jobs.requests import Evaluate, MeasureWays
from storage.records import JobState, Scorecard
from storage.workspace import Workspace
from studio.bench import Bench
from studio.pages.measured import _ask, draw, newest
from tests.claimed import claimed_again, claimed_context
from tests.fakes import ScriptedModel

SEEN, BOX, TOLD, STANDING, STOP = range(5)
WAY = {"way": "base", "column_id": "base", "n": 2, "right": 0.5, "seconds": 1.0, "tokens": 9.0, "model": "starter"}


@pytest.fixture
def bench(workspace: Workspace) -> Iterator[Bench]:
    door = ScriptedModel()
    comparing = Comparing(workspace, door)
    yield Bench(workspace, Queue(workspace.database, workspace.clock), door, comparing)
    comparing.wait(20)


@pytest.fixture
def card(bench: Bench) -> str:
    context = claimed_context(bench.workspace, Evaluate(source="d"))
    made = Scorecard("card", context.job.id, "d", (WAY,), "scores/none.jsonl", 0.0)
    assert bench.queue.finish(context.job, result={}, scorecard=made)
    return made.id


def test_without_a_score_there_is_no_table(bench: Bench) -> None:
    assert draw(bench, "", "")[BOX] == gr.update(visible=False)


def test_a_button_asks_once_for_what_is_not_being_measured_yet(bench: Bench, card: str) -> None:
    drawn = _ask(bench, card, ("live",))
    assert "not running just now" in drawn[STANDING]
    assert drawn[STOP] == gr.update(visible=True)
    _ask(bench, card, ("live",))
    _ask(bench, card, ("live", "setup"))
    assert [job.spec["rows"] for job in bench.queue.list("measure_ways")] == [["setup"], ["live"]]
    first = newest(bench, card)
    assert first is not None
    assert first.spec["rows"] == ["live"], "the one whose turn comes first is told of"


def test_the_table_is_drawn_anew_only_when_something_was_measured(bench: Bench, card: str) -> None:
    seen = draw(bench, card, "")[SEEN]
    assert draw(bench, card, seen) == [gr.skip()] * 5
    request = MeasureWays(card_id=card, rows=("setup",))
    context = claimed_context(bench.workspace, request)
    cell = {"of": ["base", "starter", None, None, []], "training_s": None, "reading_s": None, "tools": 0}
    body = {"row": "setup", "card_id": card, "columns": {"base": cell}, "beside": []}
    context.record("measured", 0, body)
    context.flush()
    assert bench.queue.finish(context.job, result={})
    drawn = draw(bench, card, seen)
    assert "nothing to set up" in drawn[TOLD]
    assert (drawn[STANDING], drawn[STOP]) == ("", gr.update(visible=False))


def test_why_a_measuring_failed_is_said_until_the_next(bench: Bench, card: str) -> None:
    context = claimed_context(bench.workspace, MeasureWays(card_id=card))
    assert bench.queue.fail(context.job, Failure("model", "The model server does not answer.", "Measure again."))
    assert draw(bench, card, "")[STANDING] == "**✕** The model server does not answer. Measure again."
    _ask(bench, card, ("live",))
    job = newest(bench, card)
    assert job is not None
    claimed_again(bench.workspace, job, MeasureWays(card_id=card, rows=("live",)))
    assert draw(bench, card, "")[STANDING] == "● Running"
    bench.queue.request_cancel(job.id)
    assert bench.queue.get(job.id).state is JobState.CANCELLING
