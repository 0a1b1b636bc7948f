"""Tools of MCP servers, in words: what is offered, what can't be used and why, and what changed; never a secret."""

from collections.abc import Sequence

from jobs.tools.mcp.changing import Standing, values
from jobs.tools.mcp.offered import Offered
from storage.errors import UserFault
from storage.records import ToolRecord
from studio.views import markdown
from studio.wording import mcp as words

_LONGEST_NAME = 100


def about(record: ToolRecord) -> str:
    """Return which server a tool asks or which program it starts, and what changed since the yes, as Markdown."""
    config = record.config
    where, changed = markdown.plain(config["where"]), markdown.plain(config["changed"])
    if config.get("command"):
        return words.program(where, config["secret"], changed)
    return words.about(where, config["inner"], config["secret"], changed)


def line(one: Offered, standing: Standing) -> str:
    """Return a tool that a server offers, with all that a model would read of it, as a line of plain text."""
    state = words.STATES[standing.state]
    asked = words.asked(one.reads, values(one.parameters), one.left_out)
    return f"{one.name}: {one.description} ({asked})" + (f" · {state}" if state else "")


def refused(one: Offered) -> str:
    """Return why a tool can't be used, as a line of plain text."""
    name = "".join(sign if sign.isprintable() else "?" for sign in one.name[:_LONGEST_NAME])
    return f"{name}: {one.unfit}"


def questions(lines: Sequence[str]) -> dict[str, str]:
    """Return questions by tool from lines of `tool: question`; raise UserFault for a line without a colon."""
    found = dict[str, str]()
    for line in lines:
        name, colon, asked = line.partition(":")
        if not colon or not asked.strip():
            raise UserFault(f"The example {line!r} can't be understood.", "Write it as tool: question.")
        found[name.strip()] = asked.strip()
    return found
