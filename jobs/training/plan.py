"""The settings of one training, chosen from what is asked, what there is to learn, and what it runs on."""

from dataclasses import dataclass, replace

from jobs.models.memory import RESERVE_BYTES, Shape, learning_bytes_a_token, longest_example
from jobs.requests import Kept, Learning, Method, Yardstick
from jobs.training.hardware import PACKED_BYTES, Attention, Device, Dtype, Hardware
from jobs.training.presets import PRESETS

# Rows between two corrections. Small sets learn more from many small steps than from few large ones.
_ROWS_A_STEP = 8
# A step this long still lets a waiting question go first soon, and a cancel be heard.
_TOKENS_AT_ONCE = {"cpu": 2048, "mps": 4096, "cuda": 16384}
# The presets' sizes of a correction were tried out with the starter, whose layers are this wide. The best size falls
# with the width by this power: J. Schulman et al., "LoRA Without Regret", Thinking Machines Lab, 2025.
_TRIED_WIDTH, _WIDTH_POWER = 576, 0.78
# Every halving up to here halves the rows that go through at once; each one beyond also halves the longest example.
_HALVINGS_OF_ROWS = 4
_SHORTEST = 128


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
    when that many looks at the watched rows in a row brought nothing better, judged by `judged_by`. `save_memory`
    computes activations twice instead of remembering them; `qlora` holds the base's weights in 4 bits. The rows of a
    step are shared out among `cards` processes, `batch_size` rows at once in each.
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
    method: Method = "lora"
    keep: Kept = "best"
    judged_by: Yardstick = "loss"
    attention: Attention = "sdpa"
    fused: bool = False
    cards: int = 1


@dataclass(frozen=True, slots=True)
class _Fit:
    """How the rows of a step go through the model: how many at once, and what is done to make them fit."""

    rows: int
    save_memory: bool
    method: Method


def longest_row(request: Learning, shape: Shape, halvings: int = 0) -> int:
    """Return how many tokens of an example are learned at most.

    Where nobody asked for a length and fewer rows at a time did not help, it becomes shorter.
    """
    longest = longest_example(shape, request.max_length)
    beyond = max(0, request.less_memory + halvings - _HALVINGS_OF_ROWS)
    return longest if request.max_length else max(min(_SHORTEST, longest), longest >> beyond)


def make_plan(request: Learning, facts: Facts, shape: Shape, hardware: Hardware, halvings: int = 0) -> Plan:
    """Choose the settings: what the request leaves open comes from its preset, the batch from the memory that is free.

    `halvings` is how often the rows at a time were too many for the device's memory before.
    """
    preset, halved = PRESETS[request.preset], halvings + request.less_memory
    rows_a_step = request.batch_size or min(_ROWS_A_STEP, facts.rows)
    fit = _fit(request, facts, shape, hardware)
    cards = min(hardware.cards, rows_a_step)
    at_once = max(1, min(rows_a_step // cards, fit.rows) >> halved)
    # Always a divisor: however many rows go through at once, a step is made of the same rows.
    batch_size = max(rows for rows in range(1, at_once + 1) if rows_a_step % rows == 0)
    if hardware.packs and halved >= _HALVINGS_OF_ROWS:
        fit = replace(fit, method=request.method or "qlora")
    return Plan(
        device=hardware.device,
        dtype=hardware.dtype,
        learning_rate=request.learning_rate or scaled_rate(preset.learning_rate, shape),
        rank=request.rank or preset.rank,
        batch_size=batch_size,
        accumulation=rows_a_step // batch_size,
        max_length=longest_row(request, shape, halvings),
        save_memory=fit.save_memory or halved > 1,
        least=request.epochs or preset.least(facts.rows),
        most=request.epochs or preset.passes(facts.rows),
        seconds=None if request.epochs else preset.seconds,
        patience=_patience(request),
        seed=request.seed,
        method=fit.method,
        keep="last" if request.all_rows else request.keep,
        judged_by=request.judged_by,
        attention=hardware.attention,
        fused=hardware.fused,
        cards=cards,
    )


def scaled_rate(rate: float, shape: Shape) -> float:
    """Return the size of a correction for a model: less for one wider than the starter, with which it was tried out."""
    return float(f"{rate * min(1.0, _TRIED_WIDTH / shape.hidden) ** _WIDTH_POWER:.2g}")


def needed_bytes(plan: Plan, longest: int, shape: Shape, weight_bytes: int) -> int:
    """Return about how much memory a plan takes: weights, what its longest rows leave behind, and the reserve."""
    a_token = learning_bytes_a_token(shape, weight_bytes, recompute=plan.save_memory)
    weights = shape.parameters * (PACKED_BYTES if plan.method == "qlora" else weight_bytes)
    return int(weights + plan.batch_size * longest * a_token + RESERVE_BYTES)


def least_bytes(facts: Facts, shape: Shape, hardware: Hardware) -> int:
    """Return about how much memory a training takes that gives up nothing for it: one row at a time, whole weights."""
    row = learning_bytes_a_token(shape, hardware.weight_bytes, recompute=False) * facts.longest
    return shape.parameters * hardware.weight_bytes + row + RESERVE_BYTES


def _patience(request: Learning) -> int | None:
    """A number of passes that somebody chose is gone through to its end, unless they also chose a patience."""
    if request.all_rows or request.patience == 0:
        return None
    if request.patience is None:
        return None if request.epochs else PRESETS[request.preset].patience
    return request.patience


def _fit(request: Learning, facts: Facts, shape: Shape, hardware: Hardware) -> _Fit:
    """Return how many rows go through the model at once, and what it takes that one does."""
    width = hardware.weight_bytes
    kept = learning_bytes_a_token(shape, width, recompute=False) * facts.longest
    recomputed = learning_bytes_a_token(shape, width, recompute=True) * facts.longest
    room = hardware.memory_bytes - RESERVE_BYTES
    free = room - shape.parameters * width
    method = request.method or ("qlora" if hardware.packs and free < recomputed else "lora")
    if method == "qlora":
        free = room - int(shape.parameters * PACKED_BYTES)
    save_memory = free < kept
    in_memory = free // (recomputed if save_memory else kept)
    in_time = _TOKENS_AT_ONCE[hardware.device] * facts.rows // facts.tokens
    return _Fit(max(1, min(in_memory, in_time)), save_memory, method)
