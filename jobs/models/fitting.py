"""Which models fit this computer."""

from collections.abc import Iterable
from dataclasses import dataclass

from jobs.models.catalogue import ModelEntry
from jobs.models.machine import Machine
from jobs.models.memory import answering_bytes, packed_training_bytes, training_bytes


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether there is room for a model, for answering and for training; the memory is an estimate.

    `packed_bytes` is what a training takes with the weights in 4 bits, which needs a card: None without one.
    """

    model: ModelEntry
    answering_bytes: int
    training_bytes: int
    answers: bool
    trains: bool
    packed_bytes: int | None = None
    trains_packed: bool = False


def fits(machine: Machine, model: ModelEntry) -> Fit:
    """Return whether this computer has room for `model`. A model answers or trains, not both at once: it is lent."""
    answering = answering_bytes(model.shape, machine.weight_bytes)
    training = training_bytes(model.shape, machine.weight_bytes)
    room = machine.room_bytes
    packed = packed_training_bytes(model.shape) if machine.gpu else None
    return Fit(
        model,
        answering,
        training,
        answers=answering <= room,
        trains=training <= room,
        packed_bytes=packed,
        trains_packed=packed is not None and packed <= room,
    )


def stronger(machine: Machine, base: ModelEntry, models: Iterable[ModelEntry]) -> list[Fit]:
    """Return the models larger than `base` that could answer on this computer, the smallest first."""
    larger = [model for model in models if model.role == "chat" and model.parameters > base.parameters]
    found = [fits(machine, model) for model in sorted(larger, key=lambda model: model.parameters)]
    return [fit for fit in found if fit.answers]
