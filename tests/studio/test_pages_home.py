"""How Home begins, and how Compare says when a first training is done."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from jobs.answering.compare import Comparing
from jobs.answering.picking import MOST_COLUMNS, USUAL
from jobs.opening import FIRST_QUESTION, POEM_QUESTION, open_sample
from jobs.queue import Failure, Queue
from jobs.requests import Train
from storage.workspace import Workspace
from studio.bench import Bench
from studio.pages import coming, home, sample
from studio.views import home as view
from tests.adapters import keep_adapter
from tests.claimed import claimed_again
from tests.fakes import ScriptedModel

STEP = ("Add documents", "/documents")


@pytest.fixture
def bench(workspace: Workspace) -> Iterator[Bench]:
    door = ScriptedModel(lambda _chat: "Yes.")
    comparing = Comparing(workspace, door)
    yield Bench(workspace, Queue(workspace.database, workspace.clock), door, comparing)
    comparing.wait(20)


def test_in_an_empty_workspace_the_sample_is_the_main_button(bench: Bench) -> None:
    opening, own, means = sample.draw(bench, True, STEP)
    assert (opening.value, opening.variant, opening.visible) == ("Open the sample company", "primary", True)
    assert (own.value, own.variant, own.link) == ("Start with my own file", "secondary", "/examples")
    assert "invented bicycle shop" in means


def test_in_a_workspace_of_ones_own_the_next_step_is_the_main_button(bench: Bench) -> None:
    opening, own, _ = sample.draw(bench, False, STEP)
    assert (opening.variant, opening.visible) == ("secondary", True)
    assert (own.value, own.variant, own.link) == ("Add documents", "primary", "/documents")


def test_an_open_sample_needs_no_button_and_one_opened_by_half_does(bench: Bench) -> None:
    open_sample(bench.workspace, bench.queue)
    opening, own, means = sample.draw(bench, False, STEP)
    assert (opening.visible, own.variant) == (False, "primary")
    for question in (FIRST_QUESTION, POEM_QUESTION):
        assert f"[{question}](/compare?q={quote(question)})" in means
    bench.queue.request_cancel(next(job.id for job in bench.queue.unfinished() if job.kind == "train"))
    opening = sample.draw(bench, False, STEP)[0]
    assert (opening.value, opening.visible) == ("Bring back what lacks of the sample company", True)


def test_a_first_training_is_announced_with_its_minutes_until_it_is_done(bench: Bench) -> None:
    assert coming.line(bench, "") == ("", False)
    request = Train(dataset_id="d")
    job = bench.queue.enqueue(request, "key")
    said, going_on = coming.line(bench, "")
    assert going_on
    assert "Tuned and Hybrid can answer in a few minutes." in said
    context = claimed_again(bench.workspace, job, request)
    context.report("train", 1, 10, 140.0)
    context.flush()
    said, going_on = coming.line(bench, said)
    assert "Tuned and Hybrid can answer in about 2 minutes." in said
    keep_adapter(bench.workspace)
    ready, going_on = coming.line(bench, said)
    assert "Tuned and Hybrid can answer now." in ready
    assert not going_on
    assert coming.line(bench, "") == ("", False), "who comes later is not told of what is past"


def test_a_first_training_that_failed_says_why_and_where(bench: Bench) -> None:
    request = Train(dataset_id="d")
    job = bench.queue.enqueue(request, "key")
    said, _ = coming.line(bench, "")
    context = claimed_again(bench.workspace, job, request)
    assert bench.queue.fail(context.job, Failure("host_oom", "The computer ran out of memory.", "Close programs."))
    ended, going_on = coming.line(bench, said)
    assert "✕ The computer ran out of memory. Your examples are safe. Close programs." in ended
    assert f"(/train?run={job.id})" in ended
    assert not going_on


def test_a_first_training_that_was_stopped_says_so(bench: Bench) -> None:
    job = bench.queue.enqueue(Train(dataset_id="d"), "key")
    said, _ = coming.line(bench, "")
    bench.queue.request_cancel(job.id)
    assert "The training was stopped" in coming.line(bench, said)[0]


def test_the_training_of_another_model_makes_nothing_ready(bench: Bench) -> None:
    bench.queue.enqueue(Train(dataset_id="d", model="qwen2.5-0.5b"), "key")
    assert coming.line(bench, "") == ("", False)


def test_columns_that_wait_say_so_before_any_question(bench: Bench) -> None:
    bench.queue.enqueue(Train(dataset_id="d"), "key")
    said = coming.before_asking(bench, USUAL)
    assert len(said) == 2 * MOST_COLUMNS
    assert said[10:] == [""] * len(said[10:]), "places where no column stands say nothing"
    assert said[2] == "◌ Not ready yet"
    assert "Being made now, ready in a few minutes." in said[3]
    assert said[:2] == ["", ""]


def test_what_is_at_work_is_no_next_step(bench: Bench) -> None:
    open_sample(bench.workspace, bench.queue)
    facts = home._facts(bench)
    assert view.next_step(facts, view.steps(facts, 0.0)) == ("Ask a question", "/compare")
    assert not view.is_empty(facts)


def test_home_draws_every_part(bench: Bench) -> None:
    sheet_parts = home._draw(bench)
    assert len(sheet_parts) == 3 + 3 + 4 + 1
    assert sheet_parts[-1].count("Not measured yet") == 5
