"""Trainings on an NVIDIA card: half precision, weights of four bits, less memory, kernels that keep rows apart."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from jobs.context import Made
from jobs.executors.carrying import carry_out
from jobs.queue import Queue
from jobs.requests import Train
from jobs.serving.device import release_memory
from jobs.training import preparing
from jobs.training.detecting import detect
from jobs.training.forecast import FORECAST, told
from jobs.training.sft import train
from jobs.worker import Worker
from storage.records import JobState, Json
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.jobs.small_training import keep, open_small

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no NVIDIA GPU"),
    # TRL will have another way to name Liger's kernels one day; today this is the one without a download.
    pytest.mark.filterwarnings("ignore:`use_liger_kernel=True` is deprecated:FutureWarning"),
    # The tiny model is too narrow for the fast kernel over four bits.
    pytest.mark.filterwarnings("ignore:inner dimension:UserWarning"),
]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with the tiny model."""
    workspace = open_small(tmp_path)
    yield workspace
    workspace.close()


def run(workspace: Workspace, **knobs: object) -> Made:
    request = Train.model_validate({"dataset_id": keep(workspace, 29), "epochs": 3, "learning_rate": 0.01, **knobs})
    context = claimed_context(workspace, request)
    made = train(request, context)
    context.flush()
    (record,) = workspace.runs.records(context.job.id, FORECAST)
    assert 0 < told(record.body).peak_bytes < told(record.body).room_bytes
    return made


def test_a_card_is_found_with_its_number_format_and_its_memory() -> None:
    found = detect()
    modern = torch.cuda.get_device_capability() >= (8, 0)
    assert (found.device, found.dtype) == ("cuda", "bfloat16" if modern else "float16")
    assert found.memory_bytes > 1 << 30


def test_it_learns_in_half_precision_and_what_is_published_answers_the_same(small: Workspace) -> None:
    report = run(small).result
    assert (report["device"], report["method"]) == ("cuda", "lora")
    assert report["eval_loss"] < report["eval_loss_start"]


def test_it_learns_over_weights_of_four_bits(small: Workspace) -> None:
    if not detect().packs:
        pytest.skip("bitsandbytes is not installed")
    report = run(small, method="qlora").result
    assert report["method"] == "qlora"
    assert report["eval_loss"] < report["eval_loss_start"]


def test_saving_memory_takes_less_of_it(small: Workspace) -> None:
    plain = run(small).result
    release_memory()  # what the first one left in the allocator would count for the second, too
    saving = run(small, less_memory=3).result
    assert saving["rows_at_once"] == 1
    assert saving["peak_bytes"] <= plain["peak_bytes"]
    assert saving["eval_loss"] == pytest.approx(plain["eval_loss"], rel=0.05)


def test_a_card_that_is_full_is_asked_for_less(small: Workspace) -> None:
    queue = Queue(small.database, small.clock)
    context = claimed_context(small, Train(dataset_id=keep(small)), "cuda:0")
    carry_out(lambda: Made({"bytes": torch.empty(1 << 50, dtype=torch.uint8, device="cuda").nbytes}), context, queue)
    job = queue.get(context.job.id)
    assert (job.state, job.result) == (JobState.QUEUED, {"halvings": 1})


@pytest.mark.skipif(torch.cuda.device_count() < 2, reason="there are fewer than two NVIDIA GPUs")
def test_two_cards_come_to_what_one_comes_to(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIPTYCH_HOME", str(small.settings.home))
    monkeypatch.setenv("TRIPTYCH_MODELS", str(small.settings.models))
    queue = Queue(small.database, small.clock)
    request = Train(dataset_id=keep(small, 29), epochs=3, learning_rate=0.01)
    alone, together = (in_place(small, queue, request, place) for place in ("cuda:0", "cuda:0,1"))
    assert "cards" not in alone
    assert (together["cards"], together["steps"]) == (2, alone["steps"])
    assert together["loss_start"] == pytest.approx(alone["loss_start"], rel=0.01)
    assert together["eval_loss"] == pytest.approx(alone["eval_loss"], rel=0.05)


def in_place(workspace: Workspace, queue: Queue, request: Train, place: str) -> Json:
    """Let a worker train in that place, in a process that sees one card only, and return what came of it."""
    worker = Worker(workspace, [place])
    queue.offer(worker.slots)
    job, until = queue.enqueue(request, place), time.monotonic() + 300
    while not queue.get(job.id).state.final:
        assert time.monotonic() < until
        worker.tick()
        time.sleep(0.1)
    return queue.get(job.id).result


def test_rows_in_one_line_are_kept_apart_by_the_attention_kernel(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = detect()
    if found.attention != "flash_attention_2":
        pytest.skip("flash attention is not installed, or this card is too old for it")
    in_lines = run(small).result
    plain = replace(found, attention="sdpa")
    monkeypatch.setattr(preparing, "detect", lambda: plain)
    assert in_lines["eval_loss"] == pytest.approx(run(small).result["eval_loss"], rel=0.05)
