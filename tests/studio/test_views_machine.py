"""This computer on Home: what it has, the model in use with its limits, stronger ones; a forecast is never a fact."""

from dataclasses import replace

import pytest

from jobs.models.catalogue import entry
from jobs.models.choosing import BaseChoice
from jobs.models.fitting import fits
from jobs.models.machine import Gpu, Machine
from jobs.models.overview import Measured, Offer, Overview
from studio.views import machine as view
from studio.wording import machine as words

GB = 1_000_000_000
PLAIN = Machine("AMD EPYC", 2, 25 * GB, 20 * GB, fast_bf16=True)
CARD = replace(PLAIN, gpus=(Gpu("NVIDIA RTX 4090", 24 * GB),))


def offer(model_id: str, *, here: bool = False, seconds: float | None = None, machine: Machine = PLAIN) -> Offer:
    return Offer(fits(machine, entry(model_id)), here, seconds)


def seen(machine: Machine = PLAIN, **values: object) -> Overview:
    usual = Overview(machine, BaseChoice("starter"), entry("starter"), True, Measured(2.8, 12), ())
    return replace(usual, **values)  # pyright: ignore[reportArgumentType] - the test names the fields


@pytest.mark.parametrize(
    ("machine", "says"),
    [
        (PLAIN, "AMD EPYC, 2 cores, 25.0 GB of memory (20.0 GB free just now). No graphics card was found"),
        (CARD, "Models are computed on its graphics card (NVIDIA RTX 4090 with 24.0 GB)."),
        (replace(CARD, gpus=CARD.gpus * 3), "(NVIDIA RTX 4090 with 24.0 GB and 2 other cards)"),
        (replace(PLAIN, gpus=(Gpu("NVIDIA GB10", 0),)), "graphics card (NVIDIA GB10)."),
        (replace(CARD, cards_work=False), "is not used: the build of torch for processors is installed"),
        (replace(PLAIN, apple=True), "trainings on Apple's graphics"),
    ],
)
def test_what_computes_is_said_in_words(machine: Machine, says: str):
    assert says in words.computer(machine)


def test_the_model_in_use_stands_with_its_limits_and_its_measured_wait():
    text = view.this_computer(seen())
    assert "**Model in use: Starter \\(SmolLM2 135M Instruct\\).**" in text
    assert "good at tone and short look-ups, poor at reasoning" in text
    assert "An answer of about 40 tokens takes 2.8 s here \\(the middle of 12 answers\\)." in text
    assert "could not be had" not in text


def test_what_was_not_measured_is_said_to_be_so():
    assert "not measured yet" in view.this_computer(seen(measured=None))
    assert "(measured once)" in words.answer_time(Measured(2.0, 1))


def test_a_base_that_is_not_here_yet_is_said_to_be_fetched():
    assert "not on this computer yet" in view.this_computer(seen(base_here=False))


def test_a_larger_model_that_could_not_be_had_is_not_passed_over_in_silence():
    text = view.this_computer(seen(CARD, choice=BaseChoice("starter", wanted="smollm2-1.7b")))
    assert "This computer has room for SmolLM2 1.7B Instruct, but it could not be had" in text
    assert "`triptych models use smollm2-1.7b`" in text


def test_stronger_models_stand_with_size_memory_wait_and_licence():
    offers = (
        offer("smollm2-360m", here=True, seconds=7.5),
        offer("llama-3.2-1b", seconds=25.7),
        offer("qwen2.5-7b"),
    )
    text = view.stronger(seen(stronger=offers))
    rows = text.splitlines()
    assert rows[0].startswith("| Model | Good for | Download |")
    assert "725.8 MB | about 2.4 GB | about 2.4 GB | about 7.5 s | Apache-2.0 | On this computer" in rows[2]
    assert "about 26 s | Llama 3.2 Community License | After you accept its makers' terms" in rows[3]
    assert "not measured yet | Apache-2.0 | Can be fetched" in rows[4]
    assert text.endswith(words.ESTIMATE)


def test_a_forecast_always_says_about():
    assert words.expected(7.53) == "about 7.5 s"
    assert words.expected(None) == "not measured yet"


def test_a_training_without_room_is_marked():
    tight = replace(CARD, gpus=(Gpu("A card", 10 * GB),))
    fitting = Offer(replace(fits(tight, entry("qwen2.5-1.5b")), trains=False), False, None)
    assert words.to_train(fitting).endswith("too much for this computer")


def test_where_nothing_stronger_fits_it_is_said():
    assert view.stronger(seen()) == words.NOTHING_STRONGER


def test_only_models_that_are_not_here_can_be_fetched():
    offers = (offer("smollm2-360m", here=True), offer("qwen2.5-0.5b"))
    assert view.to_fetch(seen(stronger=offers)) == [("Qwen2.5 0.5B Instruct, 995.1 MB", "qwen2.5-0.5b")]


def test_another_server_is_not_judged():
    foreign = seen(choice=BaseChoice("their-model"), base=None, measured=None)
    assert "of another server; nothing is known of it here" in view.this_computer(foreign)
    assert view.stronger(foreign) == ""
