"""What a server says now beside what a person approved: what differs is said in words and switches the tool off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from jobs.tools.mcp.offered import Offered
from jobs.tools.service.values import Parameter
from jobs.tools.tables import slug
from storage.records import Permission, ToolRecord
from storage.workspace import Workspace

KIND = "mcp"
State = Literal["new", "same", "changed"]
_BACK = "The server took its change back: it describes it as you approved it."


@dataclass(frozen=True, slots=True)
class Standing:
    """How an offered tool stands to what is kept: new, the same, or changed, which is then said in sentences.

    `question` is the one that its tool has already, or a proposal.
    """

    state: State
    question: str
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """How a kept tool differs from what is offered, in sentences for a person to read.

    `sha256` is the hash of what can be approved in its place; empty where nothing can.
    """

    said: str
    sha256: str = ""


def server_tools(workspace: Workspace, name: str) -> list[ToolRecord]:
    """Return the tools that are kept of the server of this name."""
    return [one for one in workspace.tools.list() if one.kind == KIND and one.config["server"] == slug(name)]


def changed_of(record: ToolRecord, offered: Sequence[Offered]) -> Change | None:
    """Return how a kept tool differs from what is offered, None where it doesn't.

    What a person has not approved anew yet stays changed, also where the server takes it back.
    """
    found = [one for one in offered if one.name == record.config["tool"]]
    if len(found) > 1:
        return Change(f"The server offers {len(found)} tools of this name.")
    if not found:
        return Change("The server offers it no more.")
    if found[0].unfit:
        return Change(f"The server describes it anew. {found[0].unfit}")
    if found[0].sha256 == record.config["sha256"]:
        return Change(_BACK, found[0].sha256) if record.config["changed"] else None
    return Change(_changed(record, found[0]), found[0].sha256)


def standing(workspace: Workspace, server: str, offered: Sequence[Offered]) -> Mapping[str, Standing]:
    """Return by its name there how each tool that can be used stands to what is kept of the server of this name."""
    known = {one.config["tool"]: one for one in server_tools(workspace, server)}
    return {one.name: _standing(known.get(one.name), one, offered) for one in offered if not one.unfit}


def _standing(record: ToolRecord | None, one: Offered, offered: Sequence[Offered]) -> Standing:
    if record is None:
        return Standing("new", one.question)
    change, question = changed_of(record, offered), record.config["example"]
    return Standing("changed", question, change.said) if change else Standing("same", question)


def switch_off(workspace: Workspace, record: ToolRecord, change: Change) -> None:
    """Keep a tool from running until it is approved anew, unless that has just been done, or it was removed."""
    config = {**record.config, "changed": change.said, "now": change.sha256}
    workspace.tools.exchange(record, replace(record, permission=Permission.OFF, config=config))


def _changed(record: ToolRecord, now: Offered) -> str:
    config, told = record.config, list[str]()
    if now.description != config["description"]:
        told.append(f"Its description was “{config['description']}” and is now “{now.description}”.")
    before, after = values([Parameter(*one) for one in config["parameters"]]), values(now.parameters)
    if before != after:
        told.append(f"It needed {before} and now needs {after}.")
    if now.reads != config["reads"]:
        told.append("It says now that it only reads." if now.reads else "It no longer says that it only reads.")
    if [*now.left_out] != config["left_out"]:
        told.append(f"The values that are left out are now {', '.join(now.left_out) or 'none'}.")
    return " ".join(told) or "The server describes it anew, in parts that are not shown here."


def values(parameters: Sequence[Parameter]) -> str:
    """Return the values that a tool needs, each with its kind and what it means, as plain text."""
    return ", ".join(f"{one.name} ({_kind(one)}: {one.description})" for one in parameters) or "no value"


def _kind(one: Parameter) -> str:
    return f"one of {'|'.join(one.choices)}" if one.choices else one.kind
