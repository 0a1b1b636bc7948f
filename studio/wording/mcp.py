"""The words about tools of other programs (MCP servers)."""

from collections.abc import Sequence

from jobs.tools.mcp.changing import State

ACTS = "may change something, asks you each time"
NONE = "The server offers no tools."
NO_SERVERS = "No tool of an MCP server is kept."
READS = "says that it only reads"
REFUSED = "Can't be used"
STATES: dict[State, str] = {
    "new": "",
    "same": "you have it already",
    "changed": "changed since you approved it",
}


def about(where: str, inner: bool, secret: bool, changed: str) -> str:
    """Return which server is asked, and what changed since it was approved; all of it is Markdown already."""
    told = f"Asks the MCP server at {where}"
    told += ", which you allowed although it may lie in your own network" if inner else ""
    told += ", with a secret that is never shown" if secret else ""
    return f"{told}. **Off, since its server changed it.** {changed}" if changed else told


def program(command: str, secret: bool, changed: str) -> str:
    """Return which program is started, and what changed since it was approved; all of it is Markdown already."""
    told = f"Starts the program {command} on this computer" + (", with a secret that is never shown" if secret else "")
    return f"{told}. **Off, since its server changed it.** {changed}" if changed else told


def runs(command: str) -> str:
    """Return what it means to name a program."""
    return (
        f"{command} is started on this computer, now and for each call, as you yourself: it can read, change and send "
        "what you can. Only time, memory and the sizes of files are limited. Name no program that you don't trust."
    )


def sends(name: str) -> str:
    """Return that a program which a tool starts may send what it is given; `name` is Markdown already."""
    return f"When a tool starts {name}, the values that stand in the question go to it, and it may send them on."


def asked(reads: bool, needed: str, left_out: Sequence[str]) -> str:
    """Return what a tool says that it does and needs, as plain text."""
    parts = [READS if reads else ACTS, f"needs {needed}"]
    return "; ".join([*parts, f"leaves out {', '.join(left_out)}"] if left_out else parts)
