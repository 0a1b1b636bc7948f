"""The words about tools of other programs (MCP servers)."""

from collections.abc import Sequence

from jobs.tools.mcp.changing import State
from studio.wording.numbers import count

ADD = "Add tools of another program (MCP server)"
HELP = (
    "Some programs offer tools to language models over the Model Context Protocol. Say where one lies and read what it "
    "offers, then tick what the model may call. What the program changes later is off until you approve it anew. "
    "A program of this computer is added with triptych mcp add."
)
NAME = "Name"
NAME_HELP = "What to call it here, for example desk."
ADDRESS = "Address"
ADDRESS_HELP = "https://host/mcp, as its makers tell it (streamable HTTP)."
HEADER = "Secret that it asks for (header, optional)"
HEADER_HELP = (
    "One line as its makers tell it, such as Authorization: Bearer … It is kept apart for all of its tools, sent to "
    "this host only, and never shown again. Leave it empty to keep the one that you gave."
)
LOOK = "Read what it offers"
TOOLS = "What the model may call"
TOOLS_HELP = "These words come from the program. Read them first: the model reads them, too, to choose."
QUESTIONS = "A question for each"
QUESTIONS_HELP = (
    "One line for each: name: a question with a value in it, in the words in which you ask. Its words are what later "
    "speaks for this tool."
)
ADD_BUTTON = "Approve what is ticked"
ANEW = "Approve it as it is now"
SURE_ANEW = "Did you read what changed? The model will read it, too."
YES_ANEW = "Yes, approve it"
NO_ANEW = "No, leave it off"
WHY_NOT = "What can't be used, and why"
NONE_REFUSED = "All that it offers can be used."
WRITE_QUESTION = "Write the name of a ticked tool, a colon, and a question."

ACTS = "may change something, asks you each time"
NONE = "The server offers no tools. Look up in its makers' words whether this is the right address."
NO_SERVERS = "No tool of an MCP server is kept. Add one on Tools or with triptych mcp add."
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


def found(server: str, usable: int, refused: int) -> str:
    """Return how much of a server can be used; `server` is Markdown already."""
    left = f", {refused} can't" if refused else ""
    return f"**{server}** offers {count(usable + refused, 'tool')}: {usable} can be used{left}."


def change(name: str, said: str) -> str:
    """Return what changed of a tool that was approved; both are Markdown already."""
    return f"**{name}** is off, since its server changed it after you approved it. {said} Tick it to approve it anew."


def no_question(line: str) -> str:
    """Return that a line belongs to no ticked tool."""
    return f"The line {line!r} begins with the name of no ticked tool, or holds no question."


def asked(reads: bool, needed: str, left_out: Sequence[str]) -> str:
    """Return what a tool says that it does and needs, as plain text."""
    parts = [READS if reads else ACTS, f"needs {needed}"]
    return "; ".join([*parts, f"leaves out {', '.join(left_out)}"] if left_out else parts)
