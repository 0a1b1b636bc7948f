"""Commands for tools of other programs that speak the Model Context Protocol (MCP)."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from jobs.removing.things import Removing
from jobs.tools.mcp.adding import Terms, add_tools, look
from jobs.tools.mcp.changing import KIND, Standing, server_tools, standing
from jobs.tools.mcp.offered import Offered
from jobs.tools.mcp.program import parsed_command
from storage.errors import NotFound, UserFault
from storage.records import Json, ToolRecord
from studio.commands.options import grouped
from studio.commands.output import Output, say, show
from studio.commands.working import desk
from studio.views import mcp as view
from studio.wording import mcp as words


@dataclass(frozen=True, slots=True)
class Offering:
    """Where a server lies, and what of it becomes tools."""

    url: Annotated[str, typer.Option(help="Where the server lies: https://host/mcp (streamable HTTP).")] = ""
    program: Annotated[
        str,
        typer.Option(help="In place of an address: a program on this computer with its arguments, as in a terminal."),
    ] = ""
    tool: Annotated[
        list[str] | None, typer.Option(help="A tool of it; repeat it for several. All are listed without it.")
    ] = None
    example: Annotated[
        list[str] | None, typer.Option(help="tool: a question for it; as proposed in the list without it.")
    ] = None
    secret: Annotated[
        bool,
        typer.Option(
            "--secret",
            help="Read the secret from the input: a header (Authorization: Bearer …), or API_KEY=… for a program.",
        ),
    ] = False
    inner: Annotated[
        bool, typer.Option("--inner", help="It lies on this computer or in your own network; ask it all the same.")
    ] = False


@grouped
def add(
    name: Annotated[str, typer.Argument(help="What to call the server; its tools become mcp_NAME__tool.")],
    offering: Offering,
    output: Output,
) -> None:
    """List what an MCP server offers, or approve some of its tools as they are described just now.

    What changed since it was approved is switched off by the look itself.
    """
    if bool(offering.url) == bool(offering.program):
        raise UserFault("Say where the server lies, or which program it is.", "Give --url or --program.")
    command = parsed_command(offering.program) if offering.program else ()
    told = sys.stdin.read() if offering.secret else ""
    terms = Terms(
        name, offering.url, told, offering.inner, view.questions(offering.example or [], offering.tool or []), command
    )
    if command:
        say(words.runs(shlex.join(command)))
    with desk() as at:
        offered = look(at.workspace, terms, in_terminal=True)
        if not offering.tool:
            return _list(offered, standing(at.workspace, name, offered), output)
        made = add_tools(at.workspace, terms, offered, offering.tool)
    text = "\n".join(f"{one.name}: {one.config['example']}" for one in made)
    return show(output, {"added": [_kept(one) for one in made]}, text)


@grouped
def listed(output: Output) -> None:
    """List the tools of MCP servers that are kept, with what changed since they were approved."""
    with desk() as at:
        kept = [one for one in at.workspace.tools.list() if one.kind == KIND]
    lines = [f"{one.name}  {one.config['where']}  {one.permission}  {one.config['changed']}".rstrip() for one in kept]
    show(output, {"tools": [_kept(one) for one in kept]}, "\n".join(lines) or words.NO_SERVERS)


@grouped
def remove(
    name: Annotated[str, typer.Argument(help="The server's name.")],
    output: Output,
) -> None:
    """Remove all tools of a server, and its secret."""
    with desk() as at:
        names = [one.name for one in server_tools(at.workspace, name)]
        if not names:
            raise NotFound(f"No tool of a server called {name!r} is kept.", "Look at triptych mcp list.")
        for one in names:
            Removing(at.workspace, at.queue).tool(one)
    show(output, {"removed": names}, "\n".join(names))


def _list(offered: Sequence[Offered], known: Mapping[str, Standing], output: Output) -> None:
    lines = list[str]()
    for one in offered:
        if one.unfit:
            lines.append(f"{words.REFUSED}: {view.refused(one)}")
            continue
        lines += [view.line(one, known[one.name]), f"    {known[one.name].question}"]
        lines += [f"    {known[one.name].changed}"] if known[one.name].changed else []
    told = [_offer(one, known.get(one.name)) for one in offered]
    show(output, {"tools": told}, "\n".join(lines) or words.NONE)


def _offer(one: Offered, known: Standing | None) -> Json:
    return {**asdict(one), **(asdict(known) if known else {})}


def _kept(one: ToolRecord) -> Json:
    return {"name": one.name, "permission": one.permission.value, **one.config}
