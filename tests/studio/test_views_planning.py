"""A training before it starts: its forecast, what Auto chose and why, its command line, and what repeats a run."""

import shlex
from dataclasses import replace
from typing import Any

import pytest

from jobs.queue import Failure, Queue
from jobs.requests import Measure, Train
from jobs.training.forecast import Forecast
from jobs.training.foreseeing import Foreseen, Tokens, same
from jobs.training.hardware import Hardware
from jobs.training.plan import Facts, make_plan
from storage.records import Dataset, Job, JobState
from storage.workspace import Workspace
from studio.repeating import again, on_every_row, with_less_memory
from studio.views import planning as view
from studio.views.command import train_command
from tests.claimed import claimed_context
from tests.jobs.test_training_plan import STARTER

FAQ = Dataset("d", "FAQ", 2, 214, 203, 40, {}, (), "faq.csv", 0.0)
LAPTOP = Hardware("cpu", "bfloat16", 7_800_000_000)
FACTS = Facts(163, 163 * 80, 400)
FOUND = Forecast(540.0, True, 200, 5.0, 2.0, 4.0, 1_300_000_000, 7_800_000_000, 8, 8)
TRIAL = Job(id="t", kind="measure", state=JobState.RUNNING, spec={}, phase="measure")


def seen(request: Train, **changes: Any) -> Foreseen:
    plan = make_plan(request, FACTS, STARTER, LAPTOP)
    tokens = Tokens((80,) * 163, (80,) * 18, 0)
    return replace(Foreseen(FACTS, tokens, plan, LAPTOP, 1_900_000_000, None, None), **changes)


NORMAL = Train(dataset_id="d", preset="normal")


def test_what_was_measured_is_told_before_what_is_estimated() -> None:
    measured = view.forecast(seen(NORMAL, measured=FOUND), FAQ, None)
    assert measured == (
        "**Forecast, measured on your longest examples:** about 9 minutes at most · 1.3 GB of memory, 7.8 GB free · "
        "163 examples to learn, 40 held back"
    )
    assert "made smaller 2 times to fit" in view.forecast(seen(NORMAL, measured=replace(FOUND, halvings=2)), FAQ, None)
    by_speed = view.forecast(seen(NORMAL, seconds=240.0), FAQ, None)
    assert "estimated by the speed of the last training:** about 4 minutes at most" in by_speed
    by_size = view.forecast(seen(NORMAL), FAQ, None)
    assert "estimated by its sizes:** time not measured yet · about 1.9 GB of 7.8 GB free memory" in by_size


def test_what_does_not_fit_is_said_with_what_to_do() -> None:
    said = view.forecast(seen(NORMAL, needed_bytes=9_100_000_000), FAQ, None)
    assert "**That is more than is free.**" in said
    assert "*Save memory*" in said
    assert seen(NORMAL, needed_bytes=9_100_000_000, measured=FOUND).fits, "what was tried counts more"


def test_a_trial_is_followed_and_its_failure_told() -> None:
    assert view.forecast(seen(NORMAL), FAQ, TRIAL) == "**Forecast:** ● Running. Measure memory and speed."
    failed = replace(TRIAL, state=JobState.FAILED, failure_text="The computer ran out of memory.")
    assert "✕ The computer ran out of memory." in view.forecast(seen(NORMAL), FAQ, failed)
    assert "not on this computer yet" in view.forecast(None, FAQ, None)


def test_each_knob_says_what_auto_chose_and_why() -> None:
    table = view.chosen(NORMAL, seen(NORMAL))
    assert table.count("\n| ") == len(Train.model_fields) - len({"kind", "dataset_id", "model", "name", "preset"}) + 3
    assert "| Passes | 10 | 163 examples: few need many passes, many need few (3 to 10). |" in table
    assert "| Patience | 3 tests | One worse test can be chance; so many in a row are not. |" in table
    assert "| Rows a correction | 8, of these 8 at once |" in table
    assert "| Longest example | 1,024 tokens | Your longest example has 400 tokens. |" in table
    assert "| Number format | 16 bits \\(bf16\\) |" in table
    own = Train(dataset_id="d", epochs=4, rank=8)
    mine = view.chosen(own, seen(own))
    assert "| Passes | 4 | You chose it. |" in mine
    assert "| Patience | never stops early | You chose the passes. |" in mine
    assert "| Room for what it learns | 8 | You chose it. |" in mine
    assert view.chosen(NORMAL, None) == ""


def test_the_number_of_cards_is_told_where_there_are_several() -> None:
    assert "Graphics cards" not in view.chosen(NORMAL, seen(NORMAL, cards=1))
    four = seen(NORMAL, cards=4)
    assert "| Graphics cards | 1 of 4 | One training runs on each card;" in view.chosen(NORMAL, four)
    together = replace(four, plan=make_plan(NORMAL, FACTS, STARTER, replace(LAPTOP, cards=2)))
    assert "| Graphics cards | 2 of 4 | `TRIPTYCH_GPUS_PER_TRAINING` says so;" in view.chosen(NORMAL, together)
    assert "| Rows a correction | 8, of these 4 at once |" in view.chosen(NORMAL, together)


def test_a_quick_look_ends_by_the_clock() -> None:
    quick = Train(dataset_id="d")
    assert "| Passes | 3 to 10 | " in view.chosen(quick, seen(quick))
    assert "As many as fit into about 3 minutes." in view.chosen(quick, seen(quick))


@pytest.mark.parametrize(
    ("request_", "options"),
    [
        (Train(dataset_id="d"), ["--preset", "quick"]),
        (
            Train(dataset_id="d", name="My tone's", preset="normal", epochs=2.5, learning_rate=0.0005, all_rows=True),
            ["--name", "My tone's", "--preset", "normal", "--epochs", "2.5", "--learning-rate", "0.0005", "--all-rows"],
        ),
        (Train(dataset_id="d", patience=0, keep="last"), ["--preset", "quick", "--patience", "0", "--keep", "last"]),
    ],
)
def test_the_command_line_does_the_same(request_: Train, options: list[str]) -> None:
    assert shlex.split(train_command(request_)) == ["triptych", "train", "d", "--model", "starter", *options]
    assert train_command(request_) in view.command(request_)


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    return Queue(workspace.database, workspace.clock)


def test_a_run_is_repeated_on_every_row_for_as_many_passes_as_were_best(workspace: Workspace, queue: Queue) -> None:
    asked = Train(dataset_id="d", name="Tone", preset="normal", patience=2)
    job = claimed_context(workspace, asked).job
    assert queue.finish(job, result={"kept_passes": 4.0, "passes": 6.0, "watched_rows": 18})
    made = again(queue, job.id, on_every_row)
    request = Train.model_validate(made.spec)
    assert (request.epochs, request.all_rows, request.patience, request.preset) == (4.0, True, None, "normal")
    assert (request.name, made.parent_id) == ("Tone, every row", job.id)


def test_a_run_that_ran_out_of_memory_is_repeated_smaller(workspace: Workspace, queue: Queue) -> None:
    job = claimed_context(workspace, Train(dataset_id="d", less_memory=1)).job
    assert queue.fail(job, Failure("host_oom", "No memory.", ""))
    assert again(queue, job.id, with_less_memory).spec["less_memory"] == 2
    shrunk = replace(queue.get(job.id), result={"halvings": 9})
    assert with_less_memory(shrunk).less_memory == 6


def test_a_trial_is_known_by_its_settings() -> None:
    trial = replace(TRIAL, spec=Measure(dataset_id="d", preset="normal", name="x").model_dump(mode="json"))
    assert same(NORMAL, trial)
    assert not same(Train(dataset_id="d"), trial)
