"""Which models fit, and how long an answer takes: estimated, measured, forecast, and never mixed up."""

from dataclasses import replace

import pytest

from jobs.models.catalogue import catalogue, entry
from jobs.models.fitting import fits, stronger
from jobs.models.machine import Gpu, Machine
from jobs.models.memory import answering_bytes, learning_bytes_a_token, packed_training_bytes, training_bytes
from jobs.models.overview import Measured, measured, offers, overview
from jobs.requests import Evaluate
from storage.records import Column
from storage.timings import AnswerTime, answer_times
from storage.workspace import Workspace
from tests.claimed import claimed_context

GB = 1_000_000_000
SMALL = Machine("AMD EPYC", 2, 6 * GB, 4 * GB, fast_bf16=True)
CARD = Machine("AMD EPYC", 16, 64 * GB, 60 * GB, gpus=(Gpu("NVIDIA RTX 4090", 24 * GB),))


def card(gigabytes: float) -> Machine:
    return replace(CARD, gpus=(Gpu("A card", int(gigabytes * GB)),))


def test_the_forecast_for_the_starter_is_what_was_measured():
    assert answering_bytes(entry("starter").shape, 2) == pytest.approx(1.54e9, rel=0.01)


def test_memory_grows_with_the_weights_and_with_their_bytes():
    models = sorted((model for model in catalogue().values() if model.role == "chat"), key=lambda one: one.parameters)
    for model in models:
        weights = model.parameters * 2
        assert weights < answering_bytes(model.shape, 2) < answering_bytes(model.shape, 4)
        assert weights + (1 << 30) < training_bytes(model.shape, 2) < training_bytes(model.shape, 4)
    assert training_bytes(models[-1].shape, 2) > 10 * training_bytes(models[0].shape, 2) / 2


def test_computing_activations_twice_saves_memory():
    shape = entry("qwen2.5-7b").shape
    assert learning_bytes_a_token(shape, 2, recompute=True) < learning_bytes_a_token(shape, 2, recompute=False) / 5


def test_a_model_fits_for_answering_and_for_training_on_its_own():
    fit = fits(SMALL, entry("smollm2-360m"))
    assert (fit.answers, fit.trains) == (True, True)
    fit = fits(SMALL, entry("qwen2.5-7b"))
    assert (fit.answers, fit.trains) == (False, False)
    only_answers = [fit for fit in (fits(card(9), model) for model in catalogue().values()) if not fit.trains]
    assert all(fit.training_bytes > 8.1 * GB for fit in only_answers)


def test_stronger_models_that_fit_are_listed_from_the_smallest():
    listed = [fit.model.id for fit in stronger(SMALL, entry("starter"), catalogue().values())]
    assert listed == ["gemma-3-270m", "smollm2-360m", "qwen2.5-0.5b", "gemma-3-1b", "llama-3.2-1b"]
    assert stronger(SMALL, entry("llama-3.2-1b"), catalogue().values()) == []
    on_card = [fit.model.id for fit in stronger(CARD, entry("qwen2.5-1.5b"), catalogue().values())]
    assert on_card == [
        "smollm2-1.7b", "qwen3-1.7b", "smollm3-3b", "llama-3.2-3b", "phi-4-mini", "qwen3-4b", "qwen2.5-7b", "qwen3-8b",
    ]  # fmt: skip


def test_weights_in_four_bits_need_a_card_and_less_of_its_memory():
    large = fits(CARD, entry("qwen3-14b"))
    assert (large.answers, large.trains, large.trains_packed) == (False, False, True)
    assert large.packed_bytes is not None
    ends = 2 * 151_936 * 5120
    packed = (large.model.parameters - ends) * 4.127 / 8 + ends * 2
    assert large.training_bytes - large.packed_bytes == pytest.approx(large.model.parameters * 2 - packed, rel=1e-6)
    assert large.packed_bytes < large.training_bytes * 0.5
    small = fits(SMALL, entry("starter"))
    assert (small.packed_bytes, small.trains_packed) == (None, False)
    assert all(packed_training_bytes(one.shape) <= training_bytes(one.shape, 2) for one in catalogue().values())


def finish(workspace: Workspace, seconds: float, tokens: int, base: str | None = "starter") -> None:
    """Keep one finished answer as the answering code does."""
    made = workspace.comparisons.start("How heavy?", [Column("base", "base")])
    attempt = workspace.comparisons.begin(made.id, "base", "test")
    provenance = {"base_id": base} if base else {}
    body = {"type": "finished", "text": "4 kg", "seconds": seconds, "tokens": tokens, "provenance": provenance}
    workspace.comparisons.append(made.id, "base", attempt, "started", {"type": "started", "phase": "write"})
    workspace.comparisons.append(made.id, "base", attempt, "finished", body)


def test_only_finished_answers_that_tell_their_base_are_timed(workspace: Workspace):
    finish(workspace, 2.0, 40)
    finish(workspace, 9.0, 40, base=None)
    going_on = workspace.comparisons.start("And now?", [Column("base", "base")])
    workspace.comparisons.begin(going_on.id, "base", "test")
    assert answer_times(workspace.database) == [AnswerTime("starter", 40, 2.0)]


def test_answers_of_evaluations_are_timed_as_well(workspace: Workspace):
    context = claimed_context(workspace, Evaluate(source="faq"))
    told = {"seconds": 3.0, "tokens": 41, "provenance": {"base_id": "starter"}}
    context.keep_cell("base", 1, {**told, "state": "finished"})
    context.keep_cell("base", 2, {**told, "state": "failed"})
    context.keep_cell("base", 3, {"state": "missing", "provenance": {}})
    assert answer_times(workspace.database) == [AnswerTime("starter", 41, 3.0)]


def test_the_newest_answers_are_read_first_and_not_all(workspace: Workspace):
    for seconds in (1.0, 2.0, 3.0):
        finish(workspace, seconds, 40)
    assert [time.seconds for time in answer_times(workspace.database, most=2)] == [3.0, 2.0]


def test_the_wait_is_the_median_of_answers_of_about_forty_tokens():
    waits = [
        ("starter", 40, 2.0),
        ("starter", 30, 3.0),
        ("starter", 55, 10.0),
        ("starter", 3, 0.1),
        ("other", 40, 99.0),
    ]
    times = [AnswerTime(*values) for values in waits]
    assert measured(times, "starter") == Measured(3.0, 3)
    assert measured(times, "qwen3-4b") is None


def test_nothing_is_forecast_before_something_was_measured(workspace: Workspace):
    seen = overview(workspace, SMALL)
    assert seen.measured is None
    assert {offer.seconds for offer in seen.stronger} == {None}


def test_other_models_are_forecast_by_their_weights(workspace: Workspace):
    finish(workspace, 2.0, 40)
    seen = overview(workspace, SMALL)
    assert seen.measured == Measured(2.0, 1)
    assert seen.stronger[0].fit.model.id == "gemma-3-270m"
    scale = entry("gemma-3-270m").parameters / entry("starter").parameters
    assert seen.stronger[0].seconds == pytest.approx(2.0 * scale)
    everything = offers(seen, workspace.settings.models)
    assert (everything[0].fit.model.id, len(everything)) == ("starter", len(catalogue()) - 1)
    assert everything[-1].fit.answers is False


def test_a_model_of_another_server_is_not_judged(workspace: Workspace):
    foreign = Workspace(workspace.settings.model_copy(update={"base_model": "my-own"}), workspace.database)
    seen = overview(foreign, CARD)
    assert (seen.base, seen.choice.model, seen.stronger) == (None, "my-own", ())
    assert all(offer.seconds is None for offer in offers(seen, workspace.settings.models))
