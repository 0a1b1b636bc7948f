"""Whether a home is sound: one check for each thing that could be wrong, each with what it saw."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from jobs.models.choosing import lacking
from jobs.models.installed import Installed, installed
from jobs.models.own import known_model, known_models
from storage.checks import (
    checkpoint_problems,
    database_problems,
    file_problems,
    job_problems,
    version_problems,
)
from storage.database import sqlite_module
from storage.errors import Damaged
from storage.files import read_manifest
from storage.settings import Settings
from storage.workspace import Workspace
from studio.health import STOPPED, model_state, worker_runs
from studio.wording.doctor import MEND

_LEAST_FREE_BYTES = 500 * 1024 * 1024
_SHOWN_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


def examine(settings: Settings, workspace: Workspace) -> list[Check]:
    """Look at everything; a stopped part is no fault."""
    return [
        _found("database", database_problems(workspace.database), _engine(workspace)),
        _found("migrations", version_problems(workspace.database), "up to date"),
        _found("jobs", job_problems(workspace.database), "every job keeps the rules"),
        _found("adapters", file_problems(workspace), f"{len(workspace.adapters.list())} kept, all as they were saved"),
        _found("checkpoints", checkpoint_problems(workspace), "all as they were saved"),
        _found("models", list(_model_problems(settings)), _models(settings)),
        _disk(workspace),
        Check("worker", True, "running" if worker_runs(settings) else STOPPED),
        Check("model server", True, model_state(settings)),
    ]


def _found(name: str, problems: list[str], else_: str) -> Check:
    if not problems:
        return Check(name, True, else_)
    more = [f"… and {len(problems) - _SHOWN_PROBLEMS} more."] if len(problems) > _SHOWN_PROBLEMS else []
    return Check(name, False, " ".join([*problems[:_SHOWN_PROBLEMS], *more, MEND[name]]))


def _engine(workspace: Workspace) -> str:
    if not workspace.database.is_sqlite:
        return "PostgreSQL answers"
    return f"sound, SQLite {sqlite_module().sqlite_version}"


def _model_problems(settings: Settings) -> Iterator[str]:
    for model in _installed(settings):
        try:
            read_manifest(model.folder)
        except Damaged as error:
            yield str(error)


def _models(settings: Settings) -> str:
    """What is there; a model that lacks is no fault, it is fetched when it is first needed."""
    if settings.model_url is not None:
        return f"served by {settings.model_url}"
    there = [known_model(settings.models, model.id).title for model in _installed(settings)]
    lacks = [f"{model.title} will be fetched when it is needed" for model in lacking(settings)]
    return ", ".join(there + lacks)


def _installed(settings: Settings) -> list[Installed]:
    found = [installed(settings.models, model_id) for model_id in known_models(settings.models)]
    return [model for model in found if model is not None]


def _disk(workspace: Workspace) -> Check:
    free = shutil.disk_usage(workspace.home).free
    enough, there = free >= _LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free"
    return Check("disk", enough, there if enough else f"{there}. {MEND['disk']}")
