"""Commands for services on the web that tools ask."""

import sys
from dataclasses import dataclass
from typing import Annotated

import typer

from jobs.tools.service.adding import Method, Service, add_service
from studio.commands.options import grouped
from studio.commands.output import Output, show
from studio.commands.working import desk
from studio.views.services import about


@dataclass(frozen=True, slots=True)
class Asking:
    """How a service is asked."""

    description: Annotated[str, typer.Option(help="What it is for, in one sentence.")]
    example: Annotated[str, typer.Option(help="A question that it answers, with a value for each parameter.")]
    parameter: Annotated[
        list[str] | None,
        typer.Option(help="name: kind, what it means; the kind is text, number, whole number or one of a|b."),
    ] = None
    method: Annotated[Method, typer.Option(help="GET only reads; POST may act, so each call asks you.")] = "GET"
    secret: Annotated[
        bool, typer.Option("--secret", help="Read a secret header (Authorization: Bearer …) from the input.")
    ] = False
    inner: Annotated[
        bool, typer.Option("--inner", help="It lies on this computer or in your own network; ask it all the same.")
    ] = False


@grouped
def add(
    name: Annotated[str, typer.Argument(help="What to call it; `weather` becomes the tool call_weather.")],
    address: Annotated[str, typer.Argument(help="https://host/path/{parameter}")],
    asking: Asking,
    output: Output,
) -> None:
    """Make a service on the web into a tool."""
    header = sys.stdin.readline() if asking.secret else ""
    parameters = "\n".join(asking.parameter or [])
    service = Service(
        name, asking.description, address, asking.example, parameters, asking.method, header, asking.inner
    )  # fmt: skip
    with desk() as at:
        made = add_service(at.workspace, service)
    document = {**made.config, "name": made.name, "kind": made.kind, "permission": made.permission.value}
    show(output, document, f"{made.name}: {about(made)}")
