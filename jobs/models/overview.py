"""What this computer can do with models: the one in use, how long an answer takes, and the stronger ones that fit."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from jobs.models.catalogue import ModelEntry
from jobs.models.choosing import BaseChoice, base_choice
from jobs.models.fitting import Fit, fits, stronger
from jobs.models.installed import Check, installed
from jobs.models.machine import Machine, look
from jobs.models.own import known_models
from storage.timings import AnswerTime, answer_times
from storage.workspace import Workspace

# An answer of about 40 tokens: a few sentences.
_TOKENS = range(25, 61)


@dataclass(frozen=True, slots=True)
class Measured:
    """The usual wait for an answer of about 40 tokens, over so many finished answers of this workspace."""

    seconds: float
    answers: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A model with its fit. `seconds` is a forecast of an answer's time, None where nothing was measured to scale.

    `check` is what came of trying a model out that is here; None where nobody has.
    """

    fit: Fit
    here: bool
    seconds: float | None
    check: Check | None = None

    @property
    def usable(self) -> bool:
        """Whether it is here, was tried out and did well."""
        return self.here and self.check is not None and self.check.ok

    @property
    def teachable(self) -> bool:
        """Whether it may be taught here, as far as is known: it learned when it was tried out, or fits in 4 bits."""
        return self.usable and (self.fit.trains or self.fit.trains_packed)


@dataclass(frozen=True, slots=True)
class Overview:
    """All that Home tells of this computer. `base` is None where another server answers with a model we don't know."""

    machine: Machine
    choice: BaseChoice
    base: ModelEntry | None
    base_here: bool
    measured: Measured | None
    stronger: tuple[Offer, ...]


def overview(workspace: Workspace, machine: Machine | None = None) -> Overview:
    """Return what this computer can do; nothing is loaded and nobody outside is asked."""
    machine = machine or look()
    choice, models = base_choice(workspace.settings), workspace.settings.models
    known = known_models(models)
    base = known.get(choice.model)
    if base is None:
        return Overview(machine, choice, None, False, None, ())
    wait = measured(answer_times(workspace.database), base.id)
    fitting = stronger(machine, base, known.values())
    found = tuple(_offer(fit, models, base, wait) for fit in fitting)
    return Overview(machine, choice, base, installed(models, base.id) is not None, wait, found)


def offers(seen: Overview, models: Path) -> list[Offer]:
    """Return every model to chat with, whether it fits or not, the smallest first."""
    chatting = [model for model in known_models(models).values() if model.role == "chat"]
    all_fits = [fits(seen.machine, model) for model in sorted(chatting, key=lambda model: model.parameters)]
    return [_offer(fit, models, seen.base, seen.measured) for fit in all_fits]


def _offer(fit: Fit, models: Path, base: ModelEntry | None, wait: Measured | None) -> Offer:
    seconds = forecast(wait, base, fit.model) if wait and base else None
    found = installed(models, fit.model.id)
    return Offer(fit, found is not None, seconds, found.check if found else None)


def measured(times: Iterable[AnswerTime], model_id: str) -> Measured | None:
    """Return the median wait for answers of about 40 tokens by `model_id`, or None where there is none yet."""
    waits = [time.seconds for time in times if time.base_id == model_id and time.tokens in _TOKENS]
    return Measured(median(waits), len(waits)) if waits else None


def forecast(wait: Measured, base: ModelEntry, other: ModelEntry) -> float:
    """Return about how many seconds an answer of `other` would take, from what was measured with `base`.

    Writing a token reads every weight once, so the wait is scaled by the weights' bytes.
    """
    return wait.seconds * other.parameters / base.parameters
