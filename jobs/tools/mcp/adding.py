"""Ticked tools of an MCP server are kept, each with the hash of how the server described it to the person."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from jobs.tools.mcp import access
from jobs.tools.mcp.access import Reached
from jobs.tools.mcp.calling import call_server, offers
from jobs.tools.mcp.changing import KIND, changed_of, server_tools, switch_off
from jobs.tools.mcp.offered import Offered
from jobs.tools.mcp.program import Program, parsed_secrets
from jobs.tools.mcp.server import Server
from jobs.tools.service import secret
from jobs.tools.service.adding import LONGEST, kept
from jobs.tools.service.address import host_checked
from jobs.tools.tables import slug
from storage.errors import NotFound, UserFault
from storage.records import Permission, ToolRecord
from storage.workspace import Workspace

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person says of a server: its name here, where it lies, its secret, and whether it may lie within.

    With a `command` it is a program on this computer. The secret is a header, or lines of `NAME=value` for a program;
    without one the secret that is kept of this server stays. `questions` are questions by the name of a tool, one
    that it answers, with a value for all that it needs.
    """

    name: str
    address: str
    secret: str = field(default="", repr=False)
    inner: bool = False
    questions: Mapping[str, str] = field(default_factory=dict[str, str])
    command: Sequence[str] = ()


def look(workspace: Workspace, terms: Terms, *, in_terminal: bool = False) -> list[Offered]:
    """Return what the server offers just now, and switch off what it describes anew; raise UserFault in a sentence.

    `in_terminal`: a person sees what a program complains of, and waits longer for it.
    """
    server = _server(workspace, terms)
    found = offers(replace(server, looked=in_terminal) if isinstance(server, Program) else server)
    for record in _same_server(workspace, terms, server):
        if change := changed_of(record, found):
            switch_off(workspace, record, change)
    return found


def approve_anew(workspace: Workspace, record: ToolRecord) -> ToolRecord:
    """Approve a tool as its server describes it by now, if that is what `record` tells of the change.

    Its question stays where it needs the same values. Raises UserFault where the server says something else once more,
    and for a program that nobody allowed on this computer.
    """
    config = record.config
    # To name a program is for the command line: the record may have come with a backup of somebody else.
    access.reached(workspace, config)
    terms = Terms(config["server"], config["address"], "", config["inner"], {}, config.get("command") or ())
    offered = look(workspace, terms)
    now = [one for one in offered if one.name == config["tool"] and one.sha256 == config["now"]]
    if not now:
        raise UserFault("The server changed it once more, so it is not approved.", "Read what it says now.")
    same = [kept(each) for each in now[0].parameters] == config["parameters"]
    questions = {config["tool"]: config["example"]} if same else {}
    return add_tools(workspace, replace(terms, questions=questions), offered, [config["tool"]])[0]


def add_tools(
    workspace: Workspace, terms: Terms, offered: Sequence[Offered], ticked: Sequence[str]
) -> list[ToolRecord]:
    """Keep the ticked tools under `mcp_<server>__<tool>`, all or none; raise UserFault with a sentence.

    Each asks first, whatever the server says of it; a person's own choice stays where nothing changed. A secret holds
    for all tools of the server.
    """
    if not ticked:
        raise UserFault("No tool is ticked.", "Tick what the model may call.")
    server = _server(workspace, terms)
    before = _same_server(workspace, terms, server)
    chosen = [_chosen(offered, name) for name in ticked]
    made = [_record(workspace, terms, server, one) for one in chosen]
    names = {one.name for one in made}
    if len(names) < len(made):
        raise UserFault("Two of the ticked tools would have one name here.", "Tick one of them.")
    others = [replace(one, config={**one.config, **server.place}) for one in before if one.name not in names]
    with ExitStack() as undoing:
        undoing.callback(access.keep(workspace, slug(terms.name), server))
        workspace.tools.keep_all([*made, *others])
        undoing.pop_all()
    return made


def _server(workspace: Workspace, terms: Terms) -> Reached:
    """Return the server, checked without asking it, with the secret that is given or kept; raise UserFault."""
    known, name = server_tools(workspace, terms.name), slug(terms.name)
    if terms.command:
        before = access.allowed(workspace, name) if known else None
        same = before is not None and [*before.command] == [*terms.command]
        return Program(terms.command, parsed_secrets(terms.secret) or (before.secrets if before and same else {}))
    if set("{}#") & set(terms.address):
        raise UserFault("The server's address holds one of { } #.", "Write it as https://host/mcp.")
    target = host_checked(terms.address, inner=terms.inner)
    told = secret.parsed(terms.secret, target.host)
    if not told and any(one.config["address"] == target.url for one in known):
        told = access.kept_secret(workspace, name, target.host)
    return Server(target.url, target.host, target.port, terms.inner, told)


def _same_server(workspace: Workspace, terms: Terms, server: Reached) -> list[ToolRecord]:
    """Return what is kept of this server; raise UserFault where its name belongs to another one."""
    known = server_tools(workspace, terms.name)
    for one in known:
        if any(one.config.get(part) != server.place.get(part) for part in ("address", "command")):
            raise UserFault(
                f"There is another server called {slug(terms.name)}: {one.config['where']}.",
                "Give this one another name, or remove the other one first.",
            )
    return known


def _chosen(offered: Sequence[Offered], name: str) -> Offered:
    found = [one for one in offered if one.name == name]
    if not found:
        raise NotFound(f"The server offers no tool {name!r}.", "List what it offers: leave out --tool.")
    if len(found) > 1:
        raise UserFault(f"The server offers two tools called {name!r}, so it is not clear which one is meant.")
    if found[0].unfit:
        raise UserFault(f"{name} can't be used. {found[0].unfit}", "Tick others.")
    return found[0]


def _record(workspace: Workspace, terms: Terms, server: Reached, one: Offered) -> ToolRecord:
    name = f"mcp_{slug(terms.name)}__{slug(one.name)}"
    example = " ".join(terms.questions.get(one.name, one.question).split())
    if len(name) > _LONGEST_NAME or not example.isprintable() or len(example) > LONGEST:
        raise UserFault(f"A name or a question for {one.name} is too long.", "Choose shorter ones.")
    config = {
        **server.place, "server": slug(terms.name), "tool": one.name, "description": one.description,
        "example": example, "reads": one.reads, "parameters": [kept(each) for each in one.parameters],
        "left_out": [*one.left_out], "sha256": one.sha256, "changed": "", "now": "",
    }  # fmt: skip
    before = {each.name: each for each in workspace.tools.list()}.get(name)
    if before and before.config["tool"] != one.name:
        raise UserFault(f"{before.config['tool']} has the name {name} already.", f"Remove it first, to add {one.name}.")
    same = before is not None and before.config["sha256"] == one.sha256 and not before.config["changed"]
    record = ToolRecord(name, KIND, before.permission if before and same else Permission.ASK, "", config)
    made = call_server(record, workspace)
    if made.narrow(example) is None:
        raise UserFault(
            f"In the question for {one.name} a value lacks, or a word that speaks for it: {example!r}",
            f"Give one with a value for {', '.join(each.name for each in one.parameters) or 'it'}.",
        )
    return replace(record, schema_sha256=made.schema_sha256)
