"""The models as a table and as choices: how they fit in numbers, what may be taught, what stands in the way."""

from dataclasses import replace

from jobs.models.catalogue import entry
from jobs.models.fitting import fits
from jobs.models.installed import Check
from jobs.models.machine import Gpu, Machine
from jobs.models.overview import Offer
from studio.views import models as view
from studio.wording import models as words

GB = 1_000_000_000
PLAIN = Machine("AMD EPYC", 2, 8 * GB, 6 * GB, fast_bf16=True)
CARD = replace(PLAIN, gpus=(Gpu("NVIDIA RTX 4090", 24 * GB),))
FINE = Check(True, True, "", 1.0)


def offer(model_id: str, machine: Machine = PLAIN, check: Check | None = None, *, here: bool = True) -> Offer:
    return Offer(fits(machine, entry(model_id)), here, None, check)


def test_how_a_model_fits_is_said_with_its_numbers():
    assert words.fit(offer("starter")) == "Fits: answers in about 1.5 GB, learns in about 1.9 GB"
    narrow = replace(PLAIN, memory_bytes=6 * GB)
    assert words.fit(offer("gemma-3-1b", narrow)).startswith("Fits for answering only: answers in about ")
    assert "to learn it takes about 5." in words.fit(offer("gemma-3-1b", narrow))
    assert words.fit(offer("qwen3-14b")).startswith("Too large: to answer it takes about 33.")
    assert " with weights in 4 bits)" in words.fit(offer("qwen3-8b", CARD))


def test_only_what_was_tried_out_and_is_small_enough_may_be_taught():
    offered = [
        offer("starter", check=FINE),
        offer("gemma-3-1b", replace(PLAIN, memory_bytes=6 * GB), FINE),
        offer("smollm2-360m"),
        offer("qwen2.5-0.5b", check=Check(False, None, "It is odd.", 1.0)),
        offer("gemma-3-270m", here=False),
    ]
    assert view.to_teach(offered) == [("Starter (SmolLM2 135M Instruct), 135 M", "starter")]
    states = {value: label.partition(": ")[2] for label, value in view.choices(offered, "starter")}
    assert states == {
        "starter": "Answers now",
        "gemma-3-1b": "On this computer",
        "smollm2-360m": "On this computer, not tried out yet",
        "qwen2.5-0.5b": "Cannot be used: It is odd.",
        "gemma-3-270m": "After you accept its makers' terms",
    }


def test_the_table_names_licence_and_state_of_each():
    text = view.table([offer("starter", check=FINE), offer("qwen3-14b", here=False)], "starter")
    assert "Apache-2.0" in text
    assert "Answers now" in text
    assert "Too large for this computer" in text
    assert "14.8 B" in text
