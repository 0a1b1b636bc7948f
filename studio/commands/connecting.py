"""The command that tries a model server that stands elsewhere."""

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from jobs.models.connection import named_servers, try_connection
from storage.errors import Missing
from storage.settings import Settings
from studio.cli import USER_FAULT
from studio.commands.options import grouped
from studio.commands.output import Output, show
from studio.views.connection import lines
from studio.wording import connection as words


@grouped
def connection(
    output: Output,
    address: Annotated[str, typer.Argument(help="Where it listens; without, those of the settings.")] = "",
    model: Annotated[str, typer.Option(help="The model to ask; without, its first one.")] = "",
    key: Annotated[bool, typer.Option("--key", help="Read its key from the input.")] = False,
) -> None:
    """Try a model server (vLLM, llama.cpp, Ollama, any compatible one) and say in words what it can do."""
    secret = sys.stdin.readline().strip() if key else ""
    servers = [(address, secret, model)] if address else named_servers(Settings())
    if not servers:
        raise Missing(words.NONE_NAMED, words.NAME_ONE)
    tried = [try_connection(*server) for server in servers]
    show(output, {"servers": [asdict(one) for one in tried]}, "\n\n".join("\n".join(lines(one)) for one in tried))
    if any(one.problem for one in tried):
        raise typer.Exit(USER_FAULT)
