"""Commands that take things out and keep them safe: export, backup, restore, doctor."""

import uuid
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from jobs.requests import Export
from storage.backups import back_up
from storage.backups import restore as put_back
from storage.errors import NotAllowed
from storage.settings import Settings
from studio.cli import OUR_FAULT
from studio.commands.options import grouped
from studio.commands.output import Output, say, show
from studio.commands.telling import job_shape, settle, wait_for
from studio.commands.working import desk
from studio.doctor import examine
from studio.health import worker_runs
from studio.needing import needing


class Form(StrEnum):
    """The forms of an export."""

    ADAPTER = "adapter"
    MERGED = "merged"
    GGUF = "gguf"


@grouped
def export_adapter(
    adapter: Annotated[str, typer.Argument(metavar="ID", help="The adapter's id.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or is empty.")],
    output: Output,
    form: Annotated[
        Form, typer.Option("--as", help="PEFT's files, one merged model, or one file for llama.cpp and Ollama.")
    ] = Form.ADAPTER,
) -> None:
    """Write an adapter, or the whole model with it inside, in a form that other programs read."""
    target = folder.expanduser().absolute()
    with desk() as at:
        adapter_id = at.workspace.adapters.get(adapter).id
        request = Export(adapter_id=adapter_id, folder=str(target), form=form.value)
        with needing(at.settings, say, worker=True) as needed:
            job = wait_for(at.queue, at.queue.enqueue(request, str(uuid.uuid4())), needed)
        settle(output, job)
    show(output, {**job_shape(job), "folder": str(target)}, f"Written to {target}")


@grouped
def backup(file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")], output: Output) -> None:
    """Write the workspace into one file; it may be in use meanwhile."""
    target = file.expanduser().absolute()
    with desk() as at:
        size = back_up(at.workspace, target)
    show(output, {"file": str(target), "bytes": size}, f"{target}: {size / 1e6:.1f} MB, checked")


@grouped
def restore(file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")], output: Output) -> None:
    """Unpack a backup into an empty home."""
    settings = Settings()
    if worker_runs(settings):
        raise NotAllowed("Triptych runs with this home.", "Stop it first, or set TRIPTYCH_HOME to a new folder.")
    if settings.database_url is not None:
        raise NotAllowed("A backup is restored into a home of its own.", "Leave TRIPTYCH_DATABASE_URL out.")
    home = settings.home.expanduser().absolute()
    put_back(home, file.expanduser())
    show(output, {"home": str(home)}, f"Restored into {home}")


@grouped
def doctor(output: Output) -> None:
    """Check the database, the files, the models and the disk of this home."""
    with desk() as at:
        checks = examine(at.settings, at.workspace)
    ok = all(check.ok for check in checks)
    listed = [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks]
    lines = [f"{'✓' if check.ok else '✕'} {check.name}: {check.detail}" for check in checks]
    show(output, {"ok": ok, "checks": listed}, "\n".join(lines))
    if not ok:
        raise typer.Exit(OUR_FAULT)
