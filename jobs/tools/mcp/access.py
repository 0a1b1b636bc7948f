"""How a server that is kept is reached: its address with the secret header, or the program that a person allowed here.

The program that is started stands in a file of this computer alone: a tool that came with a backup starts nothing.
"""

import json
from collections.abc import Callable
from pathlib import Path

from jobs.tools.database.sources import SECRETS
from jobs.tools.mcp.program import Program
from jobs.tools.mcp.server import Server
from jobs.tools.service import secret
from jobs.tools.tool import ToolFault
from storage.files import write_atomically
from storage.records import Json
from storage.workspace import Workspace

Reached = Server | Program


def reached(workspace: Workspace, config: Json) -> Reached:
    """Return the server of a kept tool, with its secret; raise ToolFault for a program that nobody allowed here."""
    name, told = _name(config["server"]), None
    if config.get("command"):
        program = allowed(workspace, config["server"])
        if program is None or [*program.command] != config["command"]:
            raise ToolFault(
                f"{config['where']} is not started: nobody allowed it on this computer.",
                f"Allow it with triptych mcp add {config['server']} --program …",
            )
        return program
    if config["secret"]:
        told = secret.kept(workspace, name, config["host"])
    return Server(config["address"], config["host"], config["port"], config["inner"], told)


def allowed(workspace: Workspace, server: str) -> Program | None:
    """Return the program that a person allowed under this name, None for none."""
    try:
        command, secrets = json.loads(_file(workspace, server).read_text())
    except FileNotFoundError:
        return None
    return Program(command, secrets)


def keep(workspace: Workspace, server: str, made: Reached | None) -> Callable[[], None]:
    """Keep what reaches a server, in place of what was kept; None forgets it. Returns what brings that back."""
    file, header = _file(workspace, server), secret.file_of(workspace, _name(server))
    before = {one: one.read_bytes() if one.exists() else None for one in (file, header)}
    if isinstance(made, Program):
        workspace.folder(SECRETS)
        write_atomically(file, json.dumps(made.kept).encode())
    else:
        file.unlink(missing_ok=True)
    secret.keep(workspace, _name(server), made.secret if isinstance(made, Server) else None)

    def back() -> None:
        for one, data in before.items():
            if data is None:
                one.unlink(missing_ok=True)
            else:
                write_atomically(one, data)

    return back


def kept_secret(workspace: Workspace, server: str, host: str) -> secret.Secret | None:
    """Return the secret header that is kept for this host of a server."""
    return secret.kept(workspace, _name(server), host)


def _name(server: str) -> str:
    return f"mcp_{server}"


def _file(workspace: Workspace, server: str) -> Path:
    # Below home, but in no backup and no export.
    return workspace.home / SECRETS / f"{_name(server)}.program"
