"""Tools of MCP servers, in words: what is offered, what can't be used and why, and what changed; never a secret."""

from collections.abc import Mapping, Sequence

from jobs.tools.mcp.changing import Standing, values
from jobs.tools.mcp.offered import Offered
from storage.errors import UserFault
from storage.records import ToolRecord
from studio.views import markdown, notices
from studio.wording import mcp as words
from studio.wording import services

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


def found(server: str, offered: Sequence[Offered], known: Mapping[str, Standing]) -> str:
    """Return how much of a server can be used, and in words what it changed, as Markdown."""
    lines = [words.found(markdown.plain(server), len(known), len(offered) - len(known))]
    changes = [
        words.change(markdown.plain(name), markdown.plain(one.changed)) for name, one in known.items() if one.changed
    ]
    return "\n\n".join([*lines, *changes])


def why_not(offered: Sequence[Offered]) -> str:
    """Return each tool that can't be used with the reason, as Markdown."""
    lines = [f"- {markdown.plain(refused(one))}" for one in offered if one.unfit]
    return "\n".join(lines) or words.NONE_REFUSED


def choices(offered: Sequence[Offered], known: Mapping[str, Standing]) -> list[tuple[str, str]]:
    """Return what can be ticked, as the line to read and the name there."""
    return [(line(one, known[one.name]), one.name) for one in offered if one.name in known]


def question_lines(known: Mapping[str, Standing], ticked: Sequence[str], text: str) -> str:
    """Return a line with a question for each ticked tool; what a person wrote already stays."""
    written = {name.strip(): asked.strip() for name, _, asked in (line.partition(":") for line in text.splitlines())}
    return "\n".join(f"{name}: {written.get(name) or known[name].question}" for name in ticked if name in known)


def questions(lines: Sequence[str], ticked: Sequence[str]) -> dict[str, str]:
    """Return questions by tool from lines of `tool: question`; raise UserFault for one of no ticked tool."""
    made = dict[str, str]()
    for line in filter(str.strip, lines):
        name, _, asked = line.partition(":")
        if name.strip() not in ticked or not asked.strip():
            raise UserFault(words.no_question(markdown.shortened(line, 60)), words.WRITE_QUESTION)
        made[name.strip()] = asked.strip()
    return made


def added(made: Sequence[ToolRecord]) -> str:
    """Return which tools the model may use now."""
    lines = [services.added(*(markdown.plain(one.config[part]) for part in ("tool", "example"))) for one in made]
    return "\n\n".join(map(notices.done, lines))
