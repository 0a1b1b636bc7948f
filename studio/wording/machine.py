"""What this computer can do, in words: processor or card, memory, the model in use, the stronger ones that fit."""

from jobs.models.catalogue import ModelEntry
from jobs.models.machine import Machine
from jobs.models.overview import Measured, Offer, Overview
from studio.wording.numbers import count, duration, size

TITLE = "What this computer can do"
STRONGER = "Stronger models that fit"
NOTHING_STRONGER = "No stronger model of our list fits into this computer's memory."
ESTIMATE = (
    "Memory is an estimate. Waits are forecasts, scaled from what was measured here by the size of the models; "
    "how well a model does your task, only your scores can tell."
)
FETCH = "Fetch this model"
WHICH = "A model to fetch"
NO_MODEL = "No model is chosen yet."
CHOOSE_ONE = "Choose one of the list first."
HERE = "On this computer"
NOT_TRIED = "On this computer, not tried out yet"
CHANGED = (
    "{new} answers here from now on; a studio that runs changes to it within a minute. Adapters fit only the model "
    "that they were trained on; those of the other model wait until you change back."
)
NOT_MEASURED = "not measured yet"
COLUMNS = ("Model", "Good for", "Download", "Memory to answer", "Memory to train", "An answer", "Licence", "State")


def fetching(title: str, link: str) -> str:
    """Return that a model is on its way, and how it is used then."""
    return (
        f"{title} is being fetched; how it goes stands above under “At work now”. Then it can be chosen under {link}."
    )


def computer(machine: Machine) -> str:
    """Return what this computer has, in one or two sentences."""
    memory = f"{size(machine.memory_bytes)} of memory ({size(machine.free_bytes)} free just now)"
    return f"{machine.processor}, {count(machine.cores, 'core')}, {memory}. {_computes(machine)}"


def _computes(machine: Machine) -> str:
    if machine.gpu:
        more = len(machine.gpus) - 1
        others = f" and {count(more, 'other card')}" if more else ""
        room = f" with {size(machine.gpu.memory_bytes)}" if machine.gpu.memory_bytes else ""
        return f"Models are computed on its graphics card ({machine.gpu.name}{room}{others})."
    if machine.gpus:
        return (
            f"Its graphics card ({machine.gpus[0].name}) is not used: the build of torch for processors is installed. "
            "To change that, stop Triptych and run: make clean run"
        )
    if machine.apple:
        return "Answers are computed on the processor, trainings on Apple's graphics."
    return "No graphics card was found; models are computed on the processor."


def in_use(seen: Overview) -> str:
    """Return which model answers here, its limits, and how long an answer takes."""
    if seen.base is None:
        return f"Answers come from the model {seen.choice.model!r} of another server; nothing is known of it here."
    wait = f"{seen.base.note} {answer_time(seen.measured)}"
    return wait if seen.base_here else f"{wait} It is not on this computer yet; it is fetched at the next start."


def answer_time(measured: Measured | None) -> str:
    """Return how long an answer of the model in use takes: measured, or the honest absence of it."""
    if measured is None:
        return f"How long an answer takes here: {NOT_MEASURED}. Ask a question under Compare."
    middle = f"the middle of {count(measured.answers, 'answer')}" if measured.answers > 1 else "measured once"
    return f"An answer of about 40 tokens takes {duration(measured.seconds)} here ({middle})."


def instead(wanted: ModelEntry, used: ModelEntry | None) -> str:
    """Return why a smaller model is in use than this computer has room for."""
    name = used.title if used else "another model"
    return (
        f"This computer has room for {wanted.title}, but it could not be had when this workspace began, so {name} is "
        f"used. Once it is fetched, `triptych models use {wanted.id}` changes to it; adapters fit only the model that "
        "they were trained on."
    )


def expected(seconds: float | None) -> str:
    """Return the forecast of an answer's wait."""
    return NOT_MEASURED if seconds is None else f"about {duration(seconds)}"


def to_train(offer: Offer) -> str:
    """Return the memory that a training takes, or that there is too little."""
    needs = f"about {size(offer.fit.training_bytes)}"
    return needs if offer.fit.trains else f"{needs}: too much for this computer"


def standing(offer: Offer, base: str) -> str:
    """Return what a list of all models says of one: in use, here, to be fetched, or too large."""
    if offer.fit.model.id == base:
        return "In use"
    return state(offer) if offer.here or offer.fit.answers else "Too large for this computer"


def _tried(offer: Offer) -> str:
    if offer.check is None:
        return NOT_TRIED
    return HERE if offer.check.ok else f"Cannot be used: {offer.check.reason}"


def state(offer: Offer) -> str:
    """Return whether a model is here already, and what it takes to get it."""
    if offer.here:
        return _tried(offer)
    return "After you accept its makers' terms" if offer.fit.model.gated else "Can be fetched"
