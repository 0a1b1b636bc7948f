"""Which state of a run is kept, and what is said before it begins: whole runs of the tiny model."""

from collections.abc import Iterator

import pytest
import torch
from peft import PeftModel

from jobs.context import JobContext, Made, OutOfDeviceMemory
from jobs.models.memory import Shape
from jobs.requests import Measure, Train
from jobs.training import looking, preparing
from jobs.training.forecast import FORECAST, told
from jobs.training.hardware import Hardware
from jobs.training.loading import load_base
from jobs.training.preparing import prepare
from jobs.training.rehearsal import affordable, middle
from jobs.training.rehearsing import measure
from jobs.training.setting_up import set_up
from jobs.training.sft import train, try_out
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.jobs.interrupted_training import in_format
from tests.jobs.small_training import keep, one_thread, open_small

__all__ = ["one_thread"]  # a fixture for every test here


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with the tiny model."""
    workspace = open_small(tmp_path_factory.mktemp("choosing"))
    yield workspace
    workspace.close()


@pytest.fixture(autouse=True)
def whole_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trainings in fp32 with short samples."""
    in_format(monkeypatch, "float32")


@pytest.fixture(scope="module")
def examples(small: Workspace) -> str:
    return keep(small)


def run(workspace: Workspace, **knobs: object) -> tuple[Made, JobContext]:
    request = Train.model_validate({"learning_rate": 0.01, **knobs})
    context = claimed_context(workspace, request)
    made = train(request, context)
    context.flush()
    return made, context


def worse_after(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Let every look after a step find the watched rows farther away, as where a model memorises."""
    real = looking.Looks.look

    def look(self: looking.Looks, at: int, loss: float, *rest: object) -> None:
        real(self, at, loss + 10.0 * max(0, at - step), *rest)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(looking.Looks, "look", look)


def test_the_best_state_is_published_and_a_run_that_gets_worse_ends_early(
    small: Workspace, examples: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    until, _ = run(small, dataset_id=examples, epochs=2, keep="last")
    worse_after(monkeypatch, 4)
    made, context = run(small, dataset_id=examples, epochs=20, patience=2)
    report = made.result
    assert (report["kept_step"], report["kept_passes"], report["steps"]) == (4, 2.0, 8)
    assert (report["stopped_early"], report["looks"], report["patience"]) == (True, 4, 2)
    assert report["eval_loss"] < report["eval_loss_start"]
    assert report["eval_loss_end"] > report["eval_loss"]
    samples = small.runs.records(context.job.id, "sample")
    assert samples[-1].step == 4, "the answers shown last are those of what is kept"
    assert weights(small, made).keys() == weights(small, until).keys()
    assert any(bool((after != 0).any()) for name, after in weights(small, made).items() if "lora_B" in name)


def weights(workspace: Workspace, made: Made) -> dict[str, torch.Tensor]:
    assert made.adapter is not None
    plan = preparing.make_plan(
        Train(dataset_id="d"), preparing.Facts(1, 1, 1), SHAPE, Hardware("cpu", "float32", 1 << 33)
    )
    base = load_base(workspace.settings.models / "starter", plan)
    model = PeftModel.from_pretrained(base, str(workspace.home / made.adapter.path))
    return {name: weight for name, weight in model.named_parameters() if "lora" in name}


SHAPE = Shape(10_000, 2, 32, 64, 300, 16, 2048)


def test_what_is_published_is_the_state_at_the_step_that_the_report_names(
    small: Workspace, examples: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = dict[int, torch.Tensor]()
    real = looking.Looks.look

    def look(self: looking.Looks, at: int, loss: float, model: torch.nn.Module, spent_s: float) -> None:
        name, weight = next((name, weight) for name, weight in model.named_parameters() if "lora_B" in name)
        assert name
        states[at] = weight.detach().clone()
        real(self, at, loss + 10.0 * max(0, at - 2), model, spent_s)

    monkeypatch.setattr(looking.Looks, "look", look)
    made, _ = run(small, dataset_id=examples, epochs=3)
    assert (made.result["kept_step"], made.result["steps"]) == (2, 6)
    published = next(weight for name, weight in weights(small, made).items() if "lora_B" in name)
    assert torch.equal(published, states[2])
    assert not torch.equal(published, states[6])


def test_all_rows_are_learned_without_anything_to_watch(small: Workspace, examples: str) -> None:
    made, context = run(small, dataset_id=examples, epochs=2, all_rows=True)
    report = made.result
    assert (report["rows"], report["watched_rows"], report["keep"], report["kept_step"]) == (13, 0, "last", 4)
    assert "eval_loss" not in report
    records = small.runs.records(context.job.id)
    assert {record.kind for record in records} == {"loss", FORECAST}
    assert not any("eval_loss" in record.body for record in records)


def test_before_the_first_step_it_is_said_how_long_it_takes_and_how_much_memory(
    small: Workspace, examples: str
) -> None:
    made, context = run(small, dataset_id=examples, epochs=2)
    (record,) = small.runs.records(context.job.id, FORECAST)
    foretold = told(record.body)
    assert (record.step, foretold.steps, foretold.passes, foretold.at_most) == (0, 4, 2.0, False)
    assert foretold.seconds > 0
    assert 0 < foretold.peak_bytes < foretold.room_bytes
    assert made.result["peak_bytes"] > 0


def test_a_rehearsal_changes_nothing_of_what_is_learned(small: Workspace, examples: str) -> None:
    request = Train(dataset_id=examples)
    context = claimed_context(small, request)
    task = prepare(request, context)
    parts = set_up(task, context)
    before = {name: weight.detach().clone() for name, weight in parts.trainer.model.named_parameters()}
    chance = torch.get_rng_state()
    try_out(task, parts, context)
    for name, weight in parts.trainer.model.named_parameters():
        assert torch.equal(weight, before[name])
        assert weight.grad is None
    assert torch.equal(torch.get_rng_state(), chance)
    assert parts.pace.measured
    assert parts.pace.steps == 0


def test_a_rehearsal_takes_the_middle_and_the_longest_and_on_a_processor_not_all_of_them() -> None:
    lengths = [100, 900, 300, 200, 1000, 400, 350, 250]
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    assert [lengths[row] for row in middle(order, lengths, 2)] == [900, 1000]
    assert [lengths[row] for row in middle(order, lengths, 4)] == [350, 400, 900, 1000]
    assert [lengths[row] for row in middle(order[:6], lengths, 2)] == [350, 400]
    assert [lengths[row] for row in affordable(order[-2:], lengths, "cpu")] == [1000]
    assert [lengths[row] for row in affordable(order[-2:], lengths, "cuda")] == [900, 1000]
    assert [lengths[row] for row in affordable(order[:4], lengths, "cpu")] == [200, 250, 300]


def test_a_training_can_be_tried_out_without_leaving_anything(small: Workspace, examples: str) -> None:
    request = Measure(dataset_id=examples, epochs=2)
    context = claimed_context(small, request)
    before = [path.name for name in ("adapters", "checkpoints") for path in small.folder(name).iterdir()]
    made = measure(request, context)
    foretold = told(made.result[FORECAST])
    assert (foretold.steps, foretold.batch_size) == (4, 8)
    assert made.result["plan"]["device"] == "cpu"
    assert made.adapter is None
    assert [path.name for name in ("adapters", "checkpoints") for path in small.folder(name).iterdir()] == before


def test_memory_that_will_not_suffice_is_found_out_before_the_first_step(
    small: Workspace, examples: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "detect", lambda: Hardware("cpu", "float32", 1))
    # What tests before this one held may be given back in the middle of it, and would count as free.
    monkeypatch.setattr(preparing, "used_bytes", lambda _device: 0)
    request = Train(dataset_id=examples)
    context = claimed_context(small, request)
    with pytest.raises(OutOfDeviceMemory, match="longest examples at once need"):
        train(request, context)
    context.flush()
    assert not small.runs.records(context.job.id, "loss")
