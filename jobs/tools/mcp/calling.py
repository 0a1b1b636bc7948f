"""A kept tool of an MCP server: called only while the server describes it as it did when a person ticked it."""

import pkgutil
from dataclasses import dataclass
from typing import Any

from jobs.tools.mcp.access import Reached, reached
from jobs.tools.mcp.changing import changed_of, switch_off
from jobs.tools.mcp.offered import Offered
from jobs.tools.service.asking import shown
from jobs.tools.service.values import Parameter
from jobs.tools.service.wanted import Wanted
from jobs.tools.tool import Arguments, Tool, ToolFault
from storage.records import ToolRecord
from storage.workspace import Workspace

_ANEW = "Read on Tools what it says now, and approve it anew there or with triptych mcp add."


def call_server(record: ToolRecord, workspace: Workspace) -> Tool:
    """Return the tool for a kept one; what does not say of itself that it only reads asks each time."""
    config, made = record.config, _Kept(record, workspace)
    wanted = made.wanted
    return Tool(
        name=record.name,
        title=f"{config['server']}: {config['tool']}",
        description=config["description"],
        schema=wanted.schema,
        run=made.answer,
        effect="reads" if config["reads"] else "acts",
        permission=record.permission,
        narrow=wanted.narrow,
        examples=((wanted.example, wanted.shown),),
    )


def offers(server: Reached) -> list[Offered]:
    """Return what a server offers just now; raise ToolFault in a sentence."""
    return _speaking("listed")(server)


@dataclass(frozen=True)
class _Kept:
    record: ToolRecord
    workspace: Workspace

    @property
    def wanted(self) -> Wanted:
        """What a question must hold for this tool."""
        config = self.record.config
        parameters = [Parameter(*one) for one in config["parameters"]]
        return Wanted(config["tool"].replace("_", " "), config["example"], parameters)

    def answer(self, arguments: Arguments) -> str:
        """Return what the server says; raise ToolFault, after switching the tool off where it is described anew.

        The sentence holds nothing of a new description: a model reads it, and nobody has approved that yet.
        """
        config = self.record.config
        if config["changed"]:
            raise ToolFault("Not called: the server changed it after it was approved.", _ANEW)
        server = reached(self.workspace, config)
        called = _speaking("call")(server, config["tool"], arguments, config["sha256"])
        if called.text is None:
            if change := changed_of(self.record, called.offered):
                switch_off(self.workspace, self.record, change)
            raise ToolFault("Not called, and switched off: the server changed it after it was approved.", _ANEW)
        text = shown(called.text, server.hidden)
        if called.failed:
            raise ToolFault(f"{server.name} says that it failed: {text[:500]}")
        return text


def _speaking(name: str) -> Any:
    # The package behind it takes most of a second to load: only who asks a server waits for it.
    return pkgutil.resolve_name(f"jobs.tools.mcp.session:{name}")
