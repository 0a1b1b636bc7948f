"""A training that is cut off goes on: the same result as if nothing had happened, and never a failure because of it."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobs.context import Cancelled, Interrupted, Made
from jobs.queue import Queue
from jobs.requests import Train
from jobs.training.sft import train
from jobs.training.state import Saved
from storage.errors import ClaimLost, NoSpace
from storage.runs import START
from storage.workspace import Workspace
from tests.claimed import claimed_again
from tests.jobs.interrupted_training import (
    ALWAYS,
    AT_TURNS,
    NEVER,
    Killed,
    Meddling,
    again,
    begin,
    cut_off,
    finish,
    folders,
    in_format,
    kept_steps,
    line,
    meddling,
    row,
)
from tests.jobs.small_training import keep, one_thread, open_small

__all__ = ["one_thread"]  # a fixture for every test here

ROWS = 29
STEPS = 12
KILLS = 20


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with the tiny model."""
    workspace = open_small(tmp_path_factory.mktemp("resuming"))
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def request_(small: Workspace) -> Train:
    """Three passes of four steps each."""
    return Train(dataset_id=keep(small, ROWS), epochs=3, learning_rate=0.01)


@pytest.fixture(autouse=True)
def whole_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures below hold in fp32."""
    in_format(monkeypatch, "float32")


@pytest.fixture(scope="module")
def untouched(small: Workspace, request_: Train) -> Made:
    """The same training without an interruption."""
    with pytest.MonkeyPatch.context() as patched:
        in_format(patched, "float32")
        return finish(begin(small, request_), request_, NEVER)


def same(made: Made, other: Made) -> None:
    """The two runs came to the same, to the last bit."""
    assert made.adapter is not None
    assert other.adapter is not None
    for figure in ("loss_end", "eval_loss", "eval_loss_start", "loss_start", "steps"):
        assert made.result[figure] == pytest.approx(other.result[figure], abs=1e-4), figure
    assert made.adapter.adapter_sha256 == other.adapter.adapter_sha256


def test_twenty_kills_at_any_moment_change_nothing(small: Workspace, request_: Train) -> None:
    long = request_.model_copy(update={"epochs": 9})
    untouched = finish(begin(small, long), long, NEVER)
    chance, context, furthest = random.Random(4), begin(small, long), 0
    for _ in range(KILLS):
        context.happens = after(chance.randrange(20, 60))
        with pytest.raises(Killed):
            train(long, context, ALWAYS)
        reached = context.reached
        context = again(context, long)
        kept = row(context).step
        assert kept == max([0, *kept_steps(context)])
        assert kept >= furthest, "progress went back behind a checkpoint"
        assert kept >= reached - 1, "more than one step is done again"
        furthest = kept
    assert furthest > 0
    same(finish(context, long), untouched)
    steps = [step for step, _ in line(context)]
    assert steps == list(range(37)), "each step stands in the chart once"


def after(moments: int) -> Callable[[str], None]:
    """Be killed after so many moments."""
    left = [moments]

    def happens(_moment: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    return happens


@pytest.mark.parametrize(
    ("moment", "at"),
    [
        ("before loss 5", 4),  # the step is done, its loss is not recorded
        ("after sample 4", 3),  # in the look that ends a pass
        ("after loss 4", 3),
        ("before keep", 0),  # the folder is there, its row is not
        ("after keep", 1),
        ("before drop", 3),  # two newer ones are there, the third is still to be given up
    ],
)
def test_what_is_kept_at_the_moment_of_a_kill_is_gone_on_from(
    small: Workspace, request_: Train, untouched: Made, moment: str, at: int
) -> None:
    first = begin(small, request_)
    cut_off(first, request_, moment)
    second = again(first, request_)
    assert row(second).step == at
    same(finish(second, request_), untouched)
    assert [step for step, _ in line(second)] == list(range(STEPS + 1))
    assert [step for step, _ in line(second, "eval_loss")] == [0, 4, 8, 12]
    assert folders(second) == ["-f2-s11", "-f2-s12"]
    went_on = [record.step for record in small.runs.records(second.job.id, START)]
    assert went_on == [at]


def test_a_run_cut_off_after_its_last_step_only_publishes(small: Workspace, request_: Train, untouched: Made) -> None:
    first = begin(small, request_)
    cut_off(first, request_, "after keep", AT_TURNS)  # in the middle
    second = again(first, request_)
    cut_off(second, request_, "after keep", AT_TURNS)  # at the end
    assert kept_steps(second) == [STEPS, 8]
    third = again(second, request_)
    same(finish(third, request_), untouched)
    assert [step for step, _ in line(third)] == list(range(STEPS + 1))


def test_a_worker_that_stops_finds_the_step_kept(small: Workspace, request_: Train, untouched: Made) -> None:
    first = begin(small, request_)
    first.happens = lambda moment: first.stop() if moment == "after loss 6" else None
    with pytest.raises(Interrupted):
        train(request_, first, NEVER)
    assert kept_steps(first) == [6]
    assert folders(first) == ["-f1-s6"]
    second = again(first, request_)
    same(finish(second, request_, NEVER), untouched)
    assert [step for step, _ in line(second)] == list(range(STEPS + 1))


@pytest.mark.parametrize("heard", [True, False], ids=["it listens", "it is interrupted where it stands"])
def test_a_worker_that_stops_in_a_look_has_it_done_again(
    small: Workspace, request_: Train, untouched: Made, heard: bool
) -> None:
    first = begin(small, request_)

    def happens(moment: str) -> None:
        if heard and moment == "after loss 8":
            first.stop()
        if not heard and moment == "after sample 8":
            raise Interrupted

    first.happens = happens
    with pytest.raises(Interrupted):
        train(request_, first, NEVER)
    assert kept_steps(first) == [8]
    assert [step for step, _ in line(first, "eval_loss")] == [0, 4]
    second = again(first, request_)
    same(finish(second, request_, NEVER), untouched)
    assert [step for step, _ in line(second, "eval_loss")] == [0, 4, 8, 12]


def test_a_worker_that_stops_before_the_first_step_leaves_nothing(small: Workspace, request_: Train) -> None:
    first = begin(small, request_)
    first.happens = lambda moment: first.stop() if moment == "after forecast 0" else None
    with pytest.raises(Interrupted):
        train(request_, first)
    assert kept_steps(first) == folders(first) == []


def test_half_a_step_is_not_kept(small: Workspace, request_: Train, untouched: Made) -> None:
    first = begin(small, request_)

    def happens(moment: str) -> None:
        if moment == "before loss 6":
            raise Interrupted  # the weights have moved, the loss is not told yet

    first.happens = happens
    with pytest.raises(Interrupted):
        train(request_, first, ALWAYS)
    assert kept_steps(first) == [5, 4]
    same(finish(again(first, request_), request_), untouched)


def test_what_is_thrown_away_is_not_kept(small: Workspace, request_: Train) -> None:
    queue, first = Queue(small.database, small.clock), begin(small, request_)

    def happens(moment: str) -> None:
        if moment == "after loss 6":
            queue.request_cancel(first.job.id)
            first.stop()  # the worker hastens one that does not listen

    first.happens = happens
    with pytest.raises(Cancelled):
        train(request_, first, NEVER)
    assert kept_steps(first) == folders(first) == []


def test_stop_and_keep_asked_while_it_waits_ends_where_it_was_kept(small: Workspace, request_: Train) -> None:
    first = begin(small, request_)
    cut_off(first, request_, "before loss 6")
    Queue(small.database, small.clock).request_finish(first.job.id)
    second = again(first, request_)
    made = finish(second, request_)
    assert (made.stop_reason, made.result["steps"]) == ("kept", 5)
    assert made.adapter is not None
    assert [step for step, _ in line(second)] == list(range(6))
    assert [step for step, _ in line(second, "eval_loss")] == [0, 4, 5]


def test_stop_and_throw_away_is_heard_while_it_goes_on(small: Workspace, request_: Train) -> None:
    first = begin(small, request_)
    cut_off(first, request_, "before loss 6")
    second = again(first, request_)
    Queue(small.database, small.clock).request_cancel(first.job.id)
    with pytest.raises(Cancelled):
        train(request_, second)
    assert kept_steps(second) == [5, 4], "the worker removes them once the job has ended"


def test_an_older_claim_keeps_nothing(small: Workspace, request_: Train) -> None:
    first = begin(small, request_)
    taken_over: list[Meddling] = []

    def happens(moment: str) -> None:
        if moment == "before keep" and not taken_over:
            taken_over.append(again(first, request_))

    first.happens = happens
    with pytest.raises(ClaimLost):
        train(request_, first, ALWAYS)
    assert kept_steps(first) == folders(first) == []


def test_a_disk_that_fills_up_leaves_the_checkpoint_before(
    small: Workspace, request_: Train, untouched: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = begin(small, request_)
    room = [8]

    def happens(_moment: str) -> None:
        if kept_steps(first)[:1] == [3]:
            room.clear()

    def write(self: Saved, folder: Path) -> None:
        wrote(self, folder)
        if not room:
            raise NoSpace("The disk is too full.")

    wrote = Saved.write
    monkeypatch.setattr(Saved, "write", write)
    first.happens = happens
    with pytest.raises(NoSpace):
        train(request_, first, ALWAYS)
    monkeypatch.undo()
    in_format(monkeypatch, "float32")
    assert kept_steps(first) == [3, 2]
    assert folders(first) == ["-f1-s2", "-f1-s3"]
    same(finish(again(first, request_), request_), untouched)


def test_fewer_rows_at_a_time_go_on_with_the_same_steps(small: Workspace, request_: Train, untouched: Made) -> None:
    first = begin(small, request_)
    cut_off(first, request_, "before loss 6")
    halved = out_of_memory(first, request_)
    made = finish(halved, request_)
    assert [step for step, _ in line(halved)] == list(range(STEPS + 1))
    assert [record.step for record in small.runs.records(halved.job.id, START)] == [5]
    assert made.result["rows_a_step"] == untouched.result["rows_a_step"] == 8
    for figure in ("loss_end", "eval_loss"):
        assert made.result[figure] == pytest.approx(untouched.result[figure], abs=1e-4)


def out_of_memory(context: Meddling, request: Train) -> Meddling:
    """The next attempt, after the device ran out of memory."""
    queue = Queue(context.workspace.database, context.workspace.clock)
    assert queue.again(context.job, "out of memory", after_s=0, result={"halvings": context.halvings + 1})
    return meddling(claimed_again(context.workspace, queue.get(context.job.id), request))


def test_another_plan_starts_anew_and_says_so(
    small: Workspace, request_: Train, untouched: Made, caplog: pytest.LogCaptureFixture
) -> None:
    first = begin(small, request_)
    cut_off(first, request_, "before loss 6")
    other = request_.model_copy(update={"rank": 4})
    second = again(first, request_)
    made = finish(second, other)
    assert "made under other terms (rank)" in caplog.text
    assert made.result["rank"] == 4
    assert [record.step for record in small.runs.records(second.job.id, START)] == [0]
    assert [step for step, _ in line(second)] == list(range(STEPS + 1))


def test_a_processor_that_seems_faster_in_another_format_goes_on_in_the_first(
    small: Workspace, request_: Train, untouched: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = begin(small, request_)
    cut_off(first, request_, "before loss 6")
    in_format(monkeypatch, "bfloat16")
    made = finish(again(first, request_), request_)
    assert made.result["dtype"] == "float32"
    same(made, untouched)


def test_half_precision_goes_on_just_as_well(
    small: Workspace, request_: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_format(monkeypatch, "bfloat16")
    untouched = finish(begin(small, request_), request_, NEVER)
    first = begin(small, request_)
    cut_off(first, request_, "before loss 6")
    same(finish(again(first, request_), request_), untouched)
