"""The tools of a workspace: Triptych's own, its tables, databases and services, and those of the sample company."""

from collections.abc import Sequence
from dataclasses import replace

from jobs.tools.arguments import checked_arguments
from jobs.tools.builtin.calculator import calculator
from jobs.tools.builtin.conversion import conversion
from jobs.tools.builtin.date_and_time import date_and_time
from jobs.tools.builtin.speech import read_aloud
from jobs.tools.database.asking import KIND as DATABASE
from jobs.tools.database.asking import ask_database
from jobs.tools.lookup import look_up
from jobs.tools.mcp.calling import call_server
from jobs.tools.mcp.changing import KIND as MCP
from jobs.tools.running import run_tool
from jobs.tools.sample_orders import KIND as SAMPLE
from jobs.tools.sample_orders import order_tools
from jobs.tools.service.asking import KIND as SERVICE
from jobs.tools.service.asking import call_service
from jobs.tools.tool import Arguments, Tool
from storage.errors import NotAllowed, NotFound
from storage.records import Permission, ToolCall, ToolRecord
from storage.workspace import Workspace

BUILT_IN, TABLE = "builtin", "table"


class Registry:
    """Lists tools, decides when they may run, and notes when they did."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._store = workspace.tools
        own = (calculator(), date_and_time(workspace.clock), read_aloud(workspace), conversion(workspace.tools))
        self._built_in = {tool.name: tool for tool in own}

    def tools(self, names: Sequence[str] | None = None) -> list[Tool]:
        """Return the tools that are not off, only those of `names` where given; raise NotFound for an unknown name."""
        known = {tool.name: tool for tool in self.all()}
        for name in names or ():
            if name not in known:
                raise _unknown(name)
        return [tool for name, tool in known.items() if tool.permission is not Permission.OFF and _wanted(name, names)]

    def all(self) -> list[Tool]:
        """Return every tool, also those that are off: Triptych's own, the sample's, and those that were added."""
        kept = {record.name: record for record in self._store.list()}
        sample = [
            tool for tool in order_tools(self._workspace.home) if tool.name in kept and kept[tool.name].kind == SAMPLE
        ]
        tables = [look_up(record, self._store) for record in kept.values() if record.kind == TABLE]
        databases = [ask_database(record, self._workspace) for record in kept.values() if record.kind == DATABASE]
        services = [call_service(record, self._workspace) for record in kept.values() if record.kind == SERVICE]
        programs = [call_server(record, self._workspace) for record in kept.values() if record.kind == MCP]
        every = (*self._built_in.values(), *sample, *tables, *databases, *services, *programs)
        return [self._noted(_permitted(tool, kept.get(tool.name))) for tool in every]

    def get(self, name: str) -> Tool:
        """Return one tool, also one that is off; raise NotFound."""
        for tool in self.all():
            if tool.name == name:
                return tool
        raise _unknown(name)

    def set_permission(self, name: str, permission: Permission) -> None:
        """Decide when a tool may run; raise NotFound.

        Raises NotAllowed where a tool that changes things would run by itself, and for one that its server changed.
        """
        tool = self.get(name)
        if permission is not Permission.OFF and self._changed(name):
            raise NotAllowed(
                f"{tool.title} stays off: its server changed it after you approved it.",
                "Read what it says now, and approve it anew by adding it once more.",
            )
        if tool.effect == "acts" and permission is Permission.AUTO:
            raise NotAllowed(f"{tool.title} changes things, so it may not run without being asked each time.")
        self._ensure(tool)
        self._store.set_permission(name, permission)

    def _changed(self, name: str) -> bool:
        return any(one.name == name and one.kind == MCP and one.config["changed"] for one in self._store.list())

    def _ensure(self, tool: Tool) -> None:
        if tool.name in self._built_in and all(record.name != tool.name for record in self._store.list()):
            self._store.keep(ToolRecord(tool.name, BUILT_IN, tool.permission, tool.schema_sha256))

    def _noted(self, tool: Tool) -> Tool:
        def run(arguments: Arguments) -> str:
            self._ensure(tool)
            self._store.used(tool.name)
            return tool.run(arguments)

        return replace(tool, run=run)


def try_tool(registry: Registry, name: str, arguments: Arguments) -> ToolCall:
    """Run a tool once with a person's own arguments; raise NotFound, or ToolFault where they break its schema."""
    tool = registry.get(name)
    return run_tool(tool, ToolCall(name, checked_arguments(tool.schema, arguments)))


def _permitted(tool: Tool, record: ToolRecord | None) -> Tool:
    """Return the tool with the permission that is kept; one that changes things asks, whatever a record says."""
    permission = record.permission if record is not None else tool.permission
    if tool.effect == "acts" and permission is Permission.AUTO:
        permission = Permission.ASK
    return replace(tool, permission=permission)


def _wanted(name: str, names: Sequence[str] | None) -> bool:
    return names is None or name in names


def _unknown(name: str) -> NotFound:
    return NotFound(f"There is no tool {name!r}.", "Look at the Tools page for the names there are.")
