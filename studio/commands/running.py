"""Commands that run the studio, or one part of it, until they are stopped."""

import os
import sys
from typing import Annotated

import typer

from jobs.models.choosing import keep_base, lacking
from storage.errors import NotAllowed
from storage.settings import Settings
from studio.commands.options import grouped
from studio.commands.output import Output, say, show
from studio.needing import fetch_models, models_lack
from studio.parts import MODEL, PROJECT, WEB, WORKER, Part, environment
from studio.up import up as run_all


@grouped
def up(output: Output) -> None:
    """Start the pages, the worker and the model server; print the address when the page answers."""
    settings = Settings()
    if models_lack(settings):
        fetch_models(settings)
    keep_base(settings)
    run_all(settings, say, lambda url: show(output, {"url": url}, url))


def web() -> None:
    """Serve the pages alone."""
    _become(WEB)


def worker() -> None:
    """Do the jobs of the queue alone."""
    _become(WORKER)


def serve(
    host: Annotated[str | None, typer.Option(help="The address to bind, for clients on other computers.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to bind; a free one without it.")] = None,
) -> None:
    """Serve the models alone, on this computer unless told otherwise; those that lack are fetched first."""
    settings = Settings()
    if (host is not None or port is not None) and settings.model_token is None:
        raise NotAllowed(
            "A model server at a fixed address needs a token, or anyone who reaches it could use it.",
            "Set TRIPTYCH_MODEL_TOKEN here and for those who connect.",
        )
    if lacking(settings):
        fetch_models(settings)
    _become(MODEL, *(["--host", host] if host else []), *(["--port", str(port)] if port is not None else []))


def _become(part: Part, *arguments: str) -> None:
    variables = environment(Settings())
    os.chdir(PROJECT)
    os.execve(sys.executable, [sys.executable, "-m", part.module, *arguments], variables)
