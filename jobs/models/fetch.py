"""Fetching the catalogue's models, once for all workspaces: download, check, convert, publish."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from jobs.context import JobContext, Made
from jobs.models.catalogue import ModelEntry, catalogue, entry
from jobs.models.downloading import Progress, download, take_out
from jobs.models.installed import WEIGHTS, installed
from jobs.requests import Prepare
from storage.errors import NoSpace, OurFault, TriptychError
from storage.files import publish, remove_tree, sha256_of
from storage.settings import Settings

_CONVERSION_LIMIT_S = 900


def ensure_model(model_id: str, models: Path, progress: Progress) -> Path:
    """Return the folder of a model, fetched now if it is not there yet.

    `progress` is called with ("download", bytes, of) and ("convert", 0 or 1, 1). Processes that fetch the same model at
    once take turns. Raises DownloadFailed, Damaged, NoSpace or NotFound.
    """
    found = installed(models, model_id)
    if found is None:
        models = models.expanduser()
        models.mkdir(parents=True, exist_ok=True)
        with _alone(models / f".{entry(model_id).id}.lock"):
            found = installed(models, model_id)  # another process may have fetched it while this one waited
            return found.folder if found else _fetch(entry(model_id), models, progress)
    return found.folder


def prepare(request: Prepare, context: JobContext) -> Made:
    """Fetch the model that `request` names, as a job; the steps are megabytes."""

    def progress(step: str, done: int, of: int) -> None:
        if step == "download":
            context.report(phase="fetch", step=done // 1_000_000, of=of // 1_000_000)
        context.check()

    context.report(phase="fetch")
    folder = ensure_model(request.model, context.workspace.settings.models, progress)
    return Made({"model": request.model, "folder": str(folder)})


def lacking(models: Path) -> list[ModelEntry]:
    """Return the needed models that are not on this computer yet."""
    return [model for model in catalogue().values() if model.needed and installed(models, model.id) is None]


def _fetch(model: ModelEntry, models: Path, progress: Progress) -> Path:
    for left_behind in models.glob(f".{model.id}.tmp*"):
        remove_tree(left_behind)
    check_space(model, shutil.disk_usage(models).free)
    work = Path(tempfile.mkdtemp(prefix=f".{model.id}.tmp", dir=models))
    target = models / model.id
    try:
        files, kept = work / "files", work / model.id
        files.mkdir()
        take_out(model, download(model, work, progress), files)
        progress("convert", 0, 1)
        if model.recipe == "gguf":
            kept.mkdir()
            _convert(next(files.glob("*.gguf")), kept)
        else:
            files.rename(kept)
        remove_tree(target)  # only there when it is incomplete
        publish(kept, target, base_id=model.id, base_sha256=sha256_of(kept / WEIGHTS), version=model.version)
        progress("convert", 1, 1)
    finally:
        remove_tree(work)
    return target


def check_space(model: ModelEntry, free: int) -> None:
    """Raise NoSpace where `free` bytes do not hold the model at the height of fetching it."""
    if free < model.space_bytes:
        raise NoSpace(
            f"Fetching {model.title} needs {_megabytes(model.space_bytes)} of free disk space; "
            f"there are {_megabytes(free)}.",
            "Free some space, or set TRIPTYCH_MODELS to a folder on a larger disk.",
        )


def _convert(source: Path, target: Path) -> None:
    """Convert in a child process: it needs torch and much memory, and gives both back when it ends."""
    project = Path(__file__).parents[2]
    command = [sys.executable, "-m", "jobs.models.converting", str(source), str(target)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    limit = _CONVERSION_LIMIT_S
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=limit, check=False
    )
    if done.returncode != 0 or not (target / WEIGHTS).is_file():
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise OurFault(f"The model could not be converted: {last}")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock file `path` alone; the operating system frees it when this process ends in any way."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"


class _Lines:
    """Progress for a terminal: one line at the start of each step, then at most one every three seconds."""

    def __init__(self, model: ModelEntry) -> None:
        self._title = model.title
        self._shown = (time.monotonic(), "")

    def __call__(self, step: str, done: int, of: int) -> None:
        at, shown = self._shown
        now = time.monotonic()
        if step == shown and now - at < 3 and done < of:
            return
        self._shown = (now, step)
        if step == "download":
            typer.echo(f"{self._title}: {_megabytes(done)} of {_megabytes(of)}")
        else:
            typer.echo(f"{self._title}: " + ("ready" if done else "checked; it is put in place now (up to a minute)"))


def main(
    plan: bool = typer.Option(False, "--plan", help="Only say what would be downloaded and how large it is."),
) -> None:
    """Fetch the models that Triptych needs and that are not on this computer yet; silent when all are there."""
    models = Settings.model_validate({}).models
    for model in lacking(models):
        typer.echo(
            f"{model.title}: {_megabytes(model.download_bytes)} to download, {_megabytes(model.kept_bytes)} kept"
        )
        if not plan:
            try:
                ensure_model(model.id, models, _Lines(model))
            except TriptychError as error:
                typer.echo(f"{error}\n{error.next_step}", err=True)
                raise typer.Exit(3) from error


if __name__ == "__main__":
    typer.run(main)
