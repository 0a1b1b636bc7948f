"""Where commands write: the result on the output, what happens meanwhile on the error stream."""

import json
from dataclasses import dataclass
from typing import Annotated

import typer

from storage.records import Json


@dataclass(frozen=True, slots=True)
class Output:
    """How a command answers."""

    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False


def say(line: str) -> None:
    """Tell a person what is happening; never part of the result."""
    typer.echo(line, err=True)


def show(output: Output, document: Json, text: str) -> None:
    """Print the result: one JSON document, or `text` for people."""
    typer.echo(json.dumps(document, ensure_ascii=False) if output.json else text)
