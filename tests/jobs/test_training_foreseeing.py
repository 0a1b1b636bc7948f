"""What can be told of a training before it is asked for, from its rows, the model's sizes and earlier trainings."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.models.machine import Gpu, Machine
from jobs.queue import Queue
from jobs.requests import Measure, Train
from jobs.training.forecast import FORECAST, Forecast
from jobs.training.foreseeing import count_tokens, expected, foresee
from storage.records import Adapter
from storage.settings import Settings
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.jobs.small_training import keep, open_small

LAPTOP = Machine("Processor", 4, 16_000_000_000, 9_000_000_000, fast_bf16=True)
FOUND = Forecast(60.0, True, 20, 10.0, 2.0, 1.0, 1_300_000_000, 9_000_000_000, 8, 8)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with the tiny model."""
    workspace = open_small(tmp_path_factory.mktemp("foreseeing"))
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def request_(small: Workspace) -> Train:
    return Train(dataset_id=keep(small), preset="normal")


def test_rows_and_memory_are_known_before_anything_is_loaded(small: Workspace, request_: Train) -> None:
    seen = foresee(small, request_, LAPTOP, None)
    assert seen is not None
    assert (seen.facts.rows, len(seen.tokens.watch), seen.tokens.cut) == (11, 2, 0)
    assert seen.facts.tokens == sum(seen.tokens.learn) > 11 * 20
    assert seen.facts.longest == max(*seen.tokens.learn, *seen.tokens.watch)
    assert (seen.plan.dtype, seen.plan.patience, seen.fits) == ("bfloat16", 3, True)
    assert (seen.seconds, seen.measured) == (None, None)
    assert not replace(seen, needed_bytes=10_000_000_000).fits


def test_every_row_is_more_rows(small: Workspace, request_: Train) -> None:
    seen = foresee(small, request_.model_copy(update={"all_rows": True}), LAPTOP, None)
    assert seen is not None
    assert seen.facts.rows == 13


def test_a_shorter_length_cuts(small: Workspace, request_: Train) -> None:
    tokens = count_tokens(small, request_.model_copy(update={"max_length": 64}))
    assert tokens is not None
    assert max(tokens.learn) <= 64


def test_without_the_model_nothing_is_counted(small: Workspace, request_: Train, tmp_path: Path) -> None:
    bare = Workspace(Settings(home=small.home, models=tmp_path / "none"), small.database)
    assert foresee(bare, request_, LAPTOP, None) is None


def test_an_earlier_training_tells_the_speed_and_a_trial_the_rest(small: Workspace, request_: Train) -> None:
    queue = Queue(small.database, small.clock)
    job = claimed_context(small, request_).job
    report = {"tokens_a_second": 100.0, "device": "cpu"}
    made = Adapter(
        str(job.adapter_id), job.id, "x", "starter", "", "", request_.dataset_id, "adapters/x", "", 1.0, report
    )
    assert queue.finish(job, result=report, adapter=made)
    seen = foresee(small, request_, LAPTOP, None)
    assert seen is not None
    assert seen.seconds == pytest.approx(20 + 10 * seen.facts.tokens / 100, rel=0.01)
    trial = claimed_context(small, Measure(dataset_id=request_.dataset_id, preset="normal")).job
    assert queue.finish(trial, result={FORECAST: FOUND.body()})
    tried = foresee(small, request_, LAPTOP, queue.get(trial.id))
    assert seen.cards == 0
    assert tried is not None
    assert tried.measured == FOUND


def test_what_a_training_will_find_on_a_computer() -> None:
    card = replace(LAPTOP, gpus=(Gpu("Card", 24_000_000_000),))
    assert expected(card).device == "cuda"
    assert (expected(card).cards, expected(card, 4).cards, expected(replace(card, gpus=card.gpus * 3), 2).cards) == (
        1,
        1,
        2,
    )
    assert expected(replace(LAPTOP, apple=True)).device == "mps"
    assert expected(replace(LAPTOP, fast_bf16=False)).dtype == "float32"
