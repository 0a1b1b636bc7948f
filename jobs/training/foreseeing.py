"""What a training would be, before it is asked for: its settings, its memory and its time, with nothing loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from math import ceil
from pathlib import Path

from jobs.models.machine import Machine
from jobs.models.measuring import measure_of
from jobs.models.own import known_model
from jobs.requests import Learning, Measure
from jobs.training.forecast import FORECAST, Forecast, told
from jobs.training.hardware import Hardware
from jobs.training.pace import Pace
from jobs.training.plan import Facts, Plan, make_plan, needed_bytes
from storage.records import Adapter, Job, JobState
from storage.workspace import Workspace

# Loading, the tests and saving, beside the steps themselves; said only as "about".
_BESIDE_S = 20.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """The rows of a version in tokens: those that are learned, those that are watched, and how many lose their end."""

    learn: tuple[int, ...]
    watch: tuple[int, ...]
    cut: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What can be told of a training before it is asked for.

    `needed_bytes` is an estimate from sizes; `seconds` one from the speed of an earlier training of the same model.
    `measured` is what a trial of these very settings found. Both are None where there was none. `cards` is how many
    graphics cards this computer computes on.
    """

    facts: Facts
    tokens: Tokens
    plan: Plan
    hardware: Hardware
    needed_bytes: int
    seconds: float | None
    measured: Forecast | None
    cards: int = 0

    @property
    def fits(self) -> bool:
        """Whether there is room for it, as far as can be told."""
        if self.measured is not None:
            return True
        return self.needed_bytes <= self.hardware.memory_bytes


def foresee(workspace: Workspace, request: Learning, machine: Machine, trial: Job | None) -> Foreseen | None:
    """Return what can be told of a training; None where the model is not on this computer, so tokens can't be counted.

    `trial` is a trial of it that has ended, if there was one. Raises NotFound for examples or a model that don't exist.
    """
    tokens = count_tokens(workspace, request)
    if tokens is None or not tokens.learn:
        return None
    learned = (*tokens.learn, *tokens.watch) if request.all_rows else tokens.learn
    facts = Facts(len(learned), sum(learned), max((*tokens.learn, *tokens.watch)))
    hardware = expected(machine, workspace.settings.gpus_per_training)
    shape = known_model(workspace.settings.models, request.model).shape
    plan = make_plan(request, facts, shape, hardware)
    needed = needed_bytes(plan, facts.longest, shape, hardware.weight_bytes)
    seconds = _from_before(plan, facts, request.model, workspace.adapters.list())
    found = told(trial.result[FORECAST]) if trial and trial.state is JobState.SUCCEEDED else None
    cards = len(machine.gpus) if machine.gpu else 0
    return Foreseen(facts, tokens, plan, hardware, needed, seconds, found, cards)


def same(request: Learning, job: Job) -> bool:
    """Whether a job is a trial of what is asked for; its name decides nothing."""
    wanted = Measure.model_validate({**request.model_dump(exclude={"kind"}), "name": job.spec.get("name", "")})
    return job.spec == wanted.model_dump(mode="json")


def expected(machine: Machine, together: int = 1) -> Hardware:
    """Return what a training will probably find on this computer; it looks for itself when it starts.

    `together` is how many cards one training is to have.
    """
    if machine.gpu:
        packs, cards = find_spec("bitsandbytes") is not None, min(together, len(machine.gpus))
        return Hardware("cuda", "bfloat16", machine.room_bytes, packs=packs, cards=cards)
    if machine.apple:
        return Hardware("mps", "float32", machine.free_bytes)
    return Hardware("cpu", "bfloat16" if machine.fast_bf16 else "float32", machine.free_bytes)


def count_tokens(workspace: Workspace, request: Learning) -> Tokens | None:
    """Return the tokens of each row that would be learned or watched; None where they can't be counted here."""
    return _counted(workspace.settings.models, request.model, request.max_length, _Rows(workspace, request.dataset_id))


class _Rows:
    """The examples of a version, which never change, so that their counts can be kept by its id."""

    def __init__(self, workspace: Workspace, dataset_id: str) -> None:
        self.workspace = workspace
        self.dataset_id = dataset_id

    def __hash__(self) -> int:
        return hash(self.dataset_id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rows) and other.dataset_id == self.dataset_id


@lru_cache(maxsize=16)
def _counted(models: Path, model: str, max_length: int | None, rows: _Rows) -> Tokens | None:
    examples = rows.workspace.datasets.examples(rows.dataset_id, "learn", "watch")
    count = measure_of(models, model, max_length)
    if count is None:
        return None
    found = list(zip(examples, count(examples), strict=True))
    parts = {part: tuple(one.tokens for example, one in found if example.part == part) for part in ("learn", "watch")}
    return Tokens(parts["learn"], parts["watch"], sum(one.cut > 0 for _, one in found))


def _from_before(plan: Plan, facts: Facts, model: str, adapters: Sequence[Adapter]) -> float | None:
    """Return the seconds by the speed of the newest training of this model on the same device, on as many of it."""
    alike = (adapter.report for adapter in adapters if adapter.base_id == model)
    here = (one for one in alike if (one.get("device"), one.get("cards", 1)) == (plan.device, plan.cards))
    speeds = (report.get("tokens_a_second") for report in here)
    speed = next((speed for speed in speeds if speed), None)
    if speed is None:
        return None
    steps = ceil(facts.rows / (plan.batch_size * plan.accumulation))
    least, last = (max(1, ceil(passes * steps)) for passes in (plan.least, plan.most))
    pace = Pace(steps, facts.tokens, least, last, expected=float(speed))
    if plan.seconds is not None:
        pace.fit(plan.seconds - _BESIDE_S)
    return (pace.seconds_left() or 0.0) + _BESIDE_S
