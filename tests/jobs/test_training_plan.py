"""The settings of a training: from the preset, from what was asked, from the memory that is free."""

from dataclasses import replace

import pytest

from jobs.models.memory import Shape
from jobs.requests import Train
from jobs.training.detecting import detect
from jobs.training.hardware import Hardware
from jobs.training.plan import Facts, least_bytes, longest_row, make_plan, needed_bytes, scaled_rate
from jobs.training.presets import PRESETS, suggested

STARTER = Shape(135_000_000, layers=30, hidden=576, inner=1536, vocabulary=49152, keys=192, context=8192)
LARGE = Shape(8_000_000_000, layers=36, hidden=4096, inner=12288, vocabulary=151_936, keys=1024, context=32768)
GIB = 1 << 30
LAPTOP = Hardware("cpu", "float32", 6 * GIB)
CARD = Hardware("cuda", "bfloat16", 22 * GIB)
FAQ = Facts(rows=64, tokens=64 * 80, longest=130)


def asked(**knobs) -> Train:
    return Train(dataset_id="d", **knobs)


def test_a_preset_decides_what_is_left_open() -> None:
    plan = make_plan(asked(preset="quick"), FAQ, STARTER, LAPTOP)
    assert (plan.learning_rate, plan.rank) == (PRESETS["quick"].learning_rate, PRESETS["quick"].rank)
    assert (plan.device, plan.dtype, plan.save_memory) == ("cpu", "float32", False)
    assert (plan.batch_size, plan.accumulation) == (8, 1)


@pytest.mark.parametrize(
    ("cards", "knobs", "expected"),
    [(2, {}, (4, 2, 2)), (3, {}, (2, 4, 3)), (8, {}, (1, 8, 8)), (4, {"batch_size": 3}, (1, 3, 3))],
)
def test_several_cards_share_a_step_of_as_many_rows(
    cards: int, knobs: dict[str, int], expected: tuple[int, ...]
) -> None:
    plan = make_plan(asked(**knobs), FAQ, STARTER, replace(CARD, cards=cards))
    assert (plan.batch_size, plan.accumulation, plan.cards) == expected
    alone = make_plan(asked(**knobs), FAQ, STARTER, CARD)
    assert (alone.cards, alone.batch_size * alone.accumulation) == (1, plan.batch_size * plan.accumulation)


def test_what_was_asked_for_is_done() -> None:
    knobs = {"epochs": 2.5, "learning_rate": 0.002, "rank": 4, "batch_size": 6, "max_length": 128, "seed": 9}
    plan = make_plan(asked(preset="quick", **knobs), FAQ, STARTER, LAPTOP)
    assert (plan.least, plan.most, plan.seconds, plan.patience) == (2.5, 2.5, None, None)
    assert (plan.learning_rate, plan.rank, plan.max_length, plan.seed) == (0.002, 4, 128, 9)
    assert (plan.batch_size, plan.accumulation) == (6, 1)


def test_long_rows_go_through_in_smaller_batches() -> None:
    long = Facts(rows=64, tokens=64 * 700, longest=1024)
    plan = make_plan(asked(), long, STARTER, LAPTOP)
    assert plan.batch_size < 8
    assert plan.batch_size * plan.accumulation == 8


def test_short_memory_is_met_with_recomputing() -> None:
    long = Facts(rows=64, tokens=64 * 4000, longest=8000)
    plan = make_plan(asked(max_length=8192), long, LARGE, CARD)
    assert plan.save_memory
    assert plan.batch_size == 1
    assert plan.accumulation == 8


def test_a_large_card_takes_all_rows_of_a_step_at_once() -> None:
    plan = make_plan(asked(), FAQ, STARTER, CARD)
    assert (plan.batch_size, plan.accumulation, plan.save_memory) == (8, 1, False)


WIDE = replace(LARGE, context=2048)
LONG = Facts(rows=64, tokens=64 * 900, longest=1000)


def test_memory_that_one_row_does_not_fit_into_is_met_with_weights_of_four_bits() -> None:
    small = Hardware("cuda", "float16", 11 * GIB, packs=True)
    packed = make_plan(asked(), LONG, WIDE, small)
    assert packed.method == "qlora"
    assert make_plan(asked(), LONG, WIDE, replace(small, packs=False)).method == "lora"
    assert make_plan(asked(), LONG, WIDE, replace(small, memory_bytes=40 * GIB)).method == "lora"
    assert make_plan(asked(method="lora"), LONG, WIDE, small).method == "lora"
    assert needed_bytes(packed, 1000, WIDE, 2) < 11 * GIB < least_bytes(LONG, WIDE, small)


def test_when_smaller_batches_do_not_help_weights_are_packed_and_rows_shortened() -> None:
    card = replace(CARD, packs=True)
    plans = [make_plan(asked(), FAQ, STARTER, card, halvings) for halvings in range(7)]
    assert [plan.method for plan in plans] == ["lora"] * 4 + ["qlora"] * 3
    assert [plan.max_length for plan in plans] == [1024] * 5 + [512, 256]
    assert [longest_row(asked(), STARTER, halvings) for halvings in (4, 5, 6, 20)] == [1024, 512, 256, 128]
    assert longest_row(asked(max_length=800), STARTER, 6) == 800, "what somebody chose is not changed"


def test_a_person_can_save_memory_from_the_start() -> None:
    assert make_plan(asked(less_memory=2), FAQ, STARTER, CARD) == make_plan(asked(), FAQ, STARTER, CARD, halvings=2)


def test_a_wider_model_gets_smaller_corrections() -> None:
    rates = [make_plan(asked(), FAQ, shape, CARD).learning_rate for shape in (STARTER, WIDE)]
    assert rates == [1e-3, 2.2e-4]
    assert make_plan(asked(learning_rate=0.004), FAQ, WIDE, CARD).learning_rate == 0.004
    assert scaled_rate(1e-3, replace(STARTER, hidden=64)) == 1e-3


@pytest.mark.parametrize(
    ("knobs", "patience"),
    [({}, 3), ({"epochs": 4}, None), ({"epochs": 4, "patience": 2}, 2), ({"patience": 0}, None), ({"patience": 5}, 5)],
)
def test_it_stops_early_unless_somebody_chose_the_passes(knobs, patience: int | None) -> None:
    assert make_plan(asked(preset="normal", **knobs), FAQ, STARTER, LAPTOP).patience == patience


def test_without_rows_to_watch_the_last_state_is_kept_and_nothing_stops_it() -> None:
    plan = make_plan(asked(all_rows=True, patience=3), FAQ, STARTER, LAPTOP)
    assert (plan.keep, plan.patience) == ("last", None)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_stops_by_itself(preset) -> None:
    assert make_plan(asked(preset=preset), FAQ, STARTER, LAPTOP).patience


def test_running_out_of_memory_halves_the_batch_and_not_the_step() -> None:
    plans = [make_plan(asked(), FAQ, STARTER, CARD, halvings) for halvings in range(5)]
    assert [plan.batch_size for plan in plans] == [8, 4, 2, 1, 1]
    assert {plan.batch_size * plan.accumulation for plan in plans} == {8}
    assert plans[-1].save_memory


@pytest.mark.parametrize("rows", range(1, 17))
def test_a_step_has_the_rows_that_were_asked_for_however_many_go_through_at_once(rows: int) -> None:
    plans = [make_plan(asked(batch_size=rows), FAQ, STARTER, CARD, halvings) for halvings in range(5)]
    assert {plan.batch_size * plan.accumulation for plan in plans} == {rows}
    assert plans[0].batch_size == rows
    assert plans[-1].batch_size == 1


def test_the_longest_row_fits_the_model() -> None:
    assert longest_row(asked(max_length=8192), STARTER) == 8192
    assert longest_row(asked(max_length=4096), Shape(1, 8, 8, 8, 8, 8, context=512)) == 512
    assert longest_row(asked(), STARTER) == 1024


@pytest.mark.parametrize("rows", [10, 50, 199])
def test_quick_goes_three_to_ten_times_through_a_small_set(rows: int) -> None:
    quick = PRESETS["quick"]
    assert quick.least(rows) == 3
    assert quick.passes(rows) == 10
    assert quick.seconds == 180


def test_quick_may_stop_within_the_first_pass_over_a_large_set() -> None:
    assert 0 < PRESETS["quick"].least(20_000) < 1


@pytest.mark.parametrize(
    ("rows", "chosen"), [(10, "quick"), (199, "quick"), (200, "normal"), (5000, "normal"), (5001, "quick")]
)
def test_normal_is_suggested_where_a_quick_look_may_not_see_all_and_it_takes_no_hours(rows: int, chosen: str) -> None:
    assert suggested(rows) == chosen


@pytest.mark.parametrize("name", ["normal", "thorough"])
def test_more_examples_need_fewer_passes(name) -> None:
    passes = [PRESETS[name].passes(rows) for rows in (20, 200, 2000, 20_000)]
    assert passes == sorted(passes, reverse=True)
    assert passes[-1] == PRESETS[name].fewest
    assert passes[0] == PRESETS[name].most


def test_thorough_goes_further_than_normal() -> None:
    for rows in (20, 200, 2000, 20_000):
        assert PRESETS["thorough"].passes(rows) > PRESETS["normal"].passes(rows)


def test_this_computer_has_something_to_train_on() -> None:
    hardware = detect()
    assert hardware.device in {"cuda", "mps", "cpu"}
    assert hardware.memory_bytes > 0
