"""The command that takes a service from its own description."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from jobs.tools.service.openapi.adding import Outcome, Standing, Terms, add_operations, gone, standing
from jobs.tools.service.openapi.operations import Described, described
from jobs.tools.service.openapi.reading import MOST_BYTES, read_document
from storage.errors import UserFault
from storage.records import Json
from storage.uploads import existing
from studio.cli import USER_FAULT
from studio.commands.options import grouped
from studio.commands.output import Output, show
from studio.commands.working import desk
from studio.views import openapi as view
from studio.wording import openapi as words


@dataclass(frozen=True, slots=True)
class Taken:
    """What of a description becomes tools, and how the service is asked."""

    operation: Annotated[
        list[str] | None, typer.Option(help="An operation's id; repeat it for several. All are listed without it.")
    ] = None
    server: Annotated[str | None, typer.Option(help="Where the service lies; as described without it.")] = None
    example: Annotated[
        list[str] | None, typer.Option(help="name: a question for it; as proposed in the list without it.")
    ] = None
    secret: Annotated[bool, typer.Option("--secret", help="Read a secret header for all of them from the input.")] = (
        False
    )
    inner: Annotated[
        bool, typer.Option("--inner", help="It lies on this computer or in your own network; ask it all the same.")
    ] = False


@grouped
def take(
    file: Annotated[Path, typer.Argument(help="An OpenAPI document of version 3.0 or 3.1, as JSON or YAML.")],
    taken: Taken,
    output: Output,
) -> None:
    """List what a service's own description offers, or make tools of some of it."""
    with existing(file).open("rb") as opened:
        document = described(read_document(opened.read(MOST_BYTES + 1)))
    ticked = taken.operation or []
    with desk() as at:
        if not ticked:
            missing = [one.name for one in gone(at.workspace, document)]
            return _list(document, standing(at.workspace, document), missing, output)
        header = sys.stdin.readline() if taken.secret else ""
        asked = view.questions(document, ticked, "\n".join(taken.example or []))
        server = document.server if taken.server is None else taken.server
        several = add_operations(at.workspace, document, ticked, Terms(server, header, taken.inner, asked))
    show(output, {"added": [_outcome(one) for one in several]}, "\n".join(_line(one) for one in several))
    if any(isinstance(one.made, UserFault) for one in several):
        raise typer.Exit(USER_FAULT)
    return None


def _list(document: Described, known: Mapping[str, Standing], missing: Sequence[str], output: Output) -> None:
    usable = [
        {"id": one.id, "name": one.name, "method": one.method, "path": one.path, "description": one.description,
         "parameters": one.lines.splitlines(), "left_out": [*one.left_out], "secret": one.lock, **asdict(known[one.id])}
        for one in document.usable
    ]  # fmt: skip
    told: Json = {
        "title": document.title, "server": document.server, "operations": usable, "gone": [*missing],
        "refused": [asdict(one) for one in document.refused], "not_looked_at": document.more,
    }  # fmt: skip
    lines = [f"{document.title} {document.server}".strip()]
    for one in document.usable:
        lines += [f"{one.id}  {view.line(one, known[one.id])}", f"    {known[one.id].question}"]
    lines += [words.REFUSED, *(f"{one.label}: {one.reason}" for one in document.refused)] if document.refused else []
    lines += [words.gone(missing)] if missing else []
    lines += [words.more(document.more)] if document.more else []
    show(output, told, "\n".join(lines))


def _outcome(one: Outcome) -> Json:
    if isinstance(one.made, UserFault):
        error = {"text": str(one.made), "next_step": one.made.next_step}
        return {"operation": one.operation.id, "name": None, "error": error}
    return {"operation": one.operation.id, "name": one.made.name, "error": None}


def _line(one: Outcome) -> str:
    if isinstance(one.made, UserFault):
        return f"{one.operation.id}: {one.made} {one.made.next_step}"
    return f"{one.made.name}: {one.made.config['example']}"
