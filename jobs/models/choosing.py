"""Which base model a home uses: chosen once, at its first start, and kept, unless the settings name another."""

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from jobs.models.catalogue import ModelEntry, catalogue, entry
from jobs.models.fitting import fits
from jobs.models.installed import installed, require
from jobs.models.machine import Machine, look
from jobs.models.own import known_model, known_models
from storage.errors import Damaged, NotAllowed
from storage.files import MANIFEST, write_atomically
from storage.settings import AUTO, BASE_MODEL_FILE, Settings

log = logging.getLogger(__name__)

STARTER = "starter"
# Small enough to be quick on any card that has room for them, and to leave room for a training.
_LEAST_PARAMETERS, _MOST_PARAMETERS = 1_000_000_000, 3_000_000_000


@dataclass(frozen=True, slots=True)
class BaseChoice:
    """The base model of a home. `wanted` is the one that this computer had room for and that could not be had."""

    model: str
    wanted: str = ""


def base_model(settings: Settings) -> str:
    """Return the id of the base model that this home uses."""
    return base_choice(settings).model


def base_choice(settings: Settings) -> BaseChoice:
    """Return the base model that the settings name, else the one that was kept, else what would be chosen now."""
    if settings.base_model != AUTO:
        return BaseChoice(settings.base_model)
    return _kept(settings.home) or _chosen(settings, look())


def is_settled(settings: Settings) -> bool:
    """Whether the base model of this home can't change any more by itself."""
    return settings.base_model != AUTO or _kept(settings.home) is not None


def keep_base(settings: Settings) -> BaseChoice:
    """Return the base model of this home; where none was kept yet, choose it now, for good.

    Adapters fit the base that they were trained on, so a card that comes later, or a model that is fetched later, must
    not change it.
    """
    choice = base_choice(settings)
    if is_settled(settings):
        return choice
    if choice.wanted:
        log.warning(
            "This computer has room for %s, but that model is not here; this workspace uses %s.",
            *(known_model(settings.models, model_id).title for model_id in (choice.wanted, choice.model)),
        )
    _keep(settings.home, choice)
    return choice


def use_base(settings: Settings, model_id: str) -> str:
    """Make a model that is here the base of this home and return the one before; adapters of that one then rest.

    Raises NotFound, Missing, or NotAllowed where it was not tried out, or where the settings decide.
    """
    found, model = require(settings.models, model_id), known_model(settings.models, model_id)
    if model.role != "chat":
        raise NotAllowed(f"{model.title} writes no answers.", "Choose a model to chat with.")
    if not found.usable:
        raise NotAllowed(
            f"{model.title} was not tried out yet.", f"Try it out first: run `triptych models check {model_id}`."
        )
    if settings.base_model != AUTO:
        raise NotAllowed("TRIPTYCH_BASE_MODEL says which base model is used.", "Change it, or leave it out.")
    before = base_model(settings)
    _keep(settings.home, BaseChoice(model_id))
    return before


def usable_bases(settings: Settings) -> list[str]:
    """Return the ids of all models that are on this computer and may answer."""
    chatting = [model.id for model in known_models(settings.models).values() if model.role == "chat"]
    found = [(model_id, installed(settings.models, model_id)) for model_id in chatting]
    return [model_id for model_id, one in found if one is not None and one.usable]


def wanted_base(settings: Settings, machine: Machine) -> str:
    """Return the base model that should be on this computer: the settled one, else the best that it has room for."""
    if settings.base_model != AUTO:
        return settings.base_model
    kept = _kept(settings.home)
    return kept.model if kept else _trained_on(settings) or best_for(machine) or STARTER


def needed(settings: Settings) -> list[ModelEntry]:
    """Return the models without which this home can't answer; raise NotFound where the settings name an unknown one."""
    return [
        known_model(settings.models, wanted_base(settings, look())),
        *(model for model in catalogue().values() if model.role == "embedder"),
    ]


def lacking(settings: Settings) -> list[ModelEntry]:
    """Return the needed models that are not on this computer yet."""
    return [model for model in needed(settings) if installed(settings.models, model.id) is None]


def best_for(machine: Machine) -> str:
    """Return the largest free model of 1B to 3B that an NVIDIA card has room for; empty without such a card.

    What nobody has chosen is one whose files the catalogue itself knows to the byte.
    """
    if machine.gpu is None:
        return ""
    sizes = {
        model.id: model.parameters
        for model in catalogue().values()
        if model.known_to_the_byte and _LEAST_PARAMETERS <= model.parameters <= _MOST_PARAMETERS
        if model.role == "chat" and not model.gated
    }
    fitting = [model_id for model_id in sizes if (fit := fits(machine, entry(model_id))).answers and fit.trains]
    return max(fitting, key=lambda model_id: sizes[model_id], default="")


def _chosen(settings: Settings, machine: Machine) -> BaseChoice:
    wanted = wanted_base(settings, machine)
    found = installed(settings.models, wanted)
    if wanted == STARTER or (found is not None and found.usable) or _trained_on(settings):
        return BaseChoice(wanted)
    return BaseChoice(STARTER, wanted)


def _file(home: Path) -> Path:
    return home.expanduser() / BASE_MODEL_FILE


def _kept(home: Path) -> BaseChoice | None:
    try:
        return BaseChoice(**json.loads(_file(home).read_bytes()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise Damaged(
            f"{_file(home)} does not say which base model this workspace uses.",
            "Delete it and set TRIPTYCH_BASE_MODEL to the model that your adapters were trained on.",
        ) from error


def _keep(home: Path, choice: BaseChoice) -> None:
    write_atomically(_file(home), json.dumps(asdict(choice)).encode())


def _trained_on(settings: Settings) -> str:
    """Return the base of the newest adapter of a home that has kept no choice; empty where there is no adapter."""
    manifests = sorted(
        (settings.home.expanduser() / "adapters").glob(f"[!.]*/{MANIFEST}"),
        key=lambda file: file.stat().st_mtime,
        reverse=True,
    )
    bases = (json.loads(file.read_bytes()).get("base_id", "") for file in manifests)
    return next((base for base in bases if base in known_models(settings.models)), "")
