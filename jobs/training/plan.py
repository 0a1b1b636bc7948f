"""The settings of one training, chosen from what is asked, what there is to learn, and what it runs on."""

from dataclasses import dataclass

from jobs.models.memory import RESERVE_BYTES, Shape, learning_bytes_a_token, longest_example
from jobs.requests import Train
from jobs.training.hardware import Device, Dtype, Hardware
from jobs.training.presets import PRESETS

# Rows between two corrections. Small sets learn more from many small steps than from few large ones.
_ROWS_A_STEP = 8
# A step this long still lets a waiting question go first soon, and a cancel be heard.
_TOKENS_AT_ONCE = {"cpu": 2048, "mps": 4096, "cuda": 16384}


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is to learn: rows, their tokens in one pass, and the longest row."""

    rows: int
    tokens: int
    longest: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of one training.

    It ends after `most` passes, or earlier where `seconds` are spent, but not before `least`; with `patience` it ends
    when that many looks at the watched rows in a row brought nothing better.
    """

    device: Device
    dtype: Dtype
    learning_rate: float
    rank: int
    batch_size: int
    accumulation: int
    max_length: int
    save_memory: bool
    least: float
    most: float
    seconds: float | None
    patience: int | None
    seed: int


def longest_row(request: Train, shape: Shape) -> int:
    """Return how many tokens of an example are learned at most."""
    return longest_example(shape, request.max_length)


def make_plan(request: Train, facts: Facts, shape: Shape, hardware: Hardware, halvings: int = 0) -> Plan:
    """Choose the settings: what the request leaves open comes from its preset, the batch from the memory that is free.

    `halvings` is how often the rows at a time were too many for the device's memory before.
    """
    preset = PRESETS[request.preset]
    rows_a_step = request.batch_size or min(_ROWS_A_STEP, facts.rows)
    fits, save_memory = _rows_that_fit(facts, shape, hardware)
    at_once = max(1, min(rows_a_step, fits) >> halvings)
    # Always a divisor: however many rows go through at once, a step is made of the same rows.
    batch_size = max(rows for rows in range(1, at_once + 1) if rows_a_step % rows == 0)
    return Plan(
        device=hardware.device,
        dtype=hardware.dtype,
        learning_rate=request.learning_rate or preset.learning_rate,
        rank=request.rank or preset.rank,
        batch_size=batch_size,
        accumulation=rows_a_step // batch_size,
        max_length=longest_row(request, shape),
        save_memory=save_memory or halvings > 1,
        least=request.epochs or preset.least(facts.rows),
        most=request.epochs or preset.passes(facts.rows),
        seconds=None if request.epochs else preset.seconds,
        patience=None if request.epochs else preset.patience,
        seed=request.seed,
    )


def _rows_that_fit(facts: Facts, shape: Shape, hardware: Hardware) -> tuple[int, bool]:
    """Return how many rows go through the model at once, and whether to save memory by computing activations twice."""
    width = 4 if hardware.dtype == "float32" else 2
    free = hardware.memory_bytes - RESERVE_BYTES - shape.parameters * width
    kept = learning_bytes_a_token(shape, width, recompute=False)
    recomputed = learning_bytes_a_token(shape, width, recompute=True)
    save_memory = free < kept * facts.longest
    in_memory = free // ((recomputed if save_memory else kept) * facts.longest)
    in_time = _TOKENS_AT_ONCE[hardware.device] * facts.rows // facts.tokens
    return max(1, min(in_memory, in_time)), save_memory
