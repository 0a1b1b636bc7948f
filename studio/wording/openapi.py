"""The words about documents that describe a service."""

from collections.abc import Sequence
from typing import Literal

from studio.wording.numbers import count

ADD = "Take a service from its own description (OpenAPI)"
HELP = (
    "Many services offer a file that says what can be asked of them, often called openapi.json. Upload it or paste it, "
    "then tick what the model may ask. The file is only read: nothing that it names is fetched, and it allows nothing."
)
FILE = "The description (OpenAPI 3, as JSON or YAML)"
TEXT = "Or paste it here"
TEXT_HELP = "Two million characters at most."
READ = "Read it"
NOT_BOTH = "A file and a pasted text were given."
ONE_OF_THEM = "Give one of them."
NOTHING_GIVEN = "No description was given yet."
SERVER = "Where the service lies"
SERVER_HELP = "As the description says it; change it where yours lies elsewhere. Only this host is asked."
OPERATIONS = "What the model may ask"
OPERATIONS_HELP = "These words come from the description. Read them first: the model reads them, too, to choose."
QUESTIONS = "A question for each"
QUESTIONS_HELP = (
    "One line for each: name: a question with a value in it, in the words in which you ask. Its words are what later "
    "speaks for this operation."
)
HEADER = "Secret for all of them (header, optional)"
HEADER_HELP = (
    "One line as the service tells it, such as Authorization: Bearer … It is kept apart, sent to this host only, and "
    "never shown again. A tool that is added anew without it has none."
)
ADD_BUTTON = "Add what is ticked"
REFUSED = "What can't be used, and why"
NONE_REFUSED = "All that it describes can be used."
STATES: dict[Literal["new", "same", "changed", "replaces"], str] = {
    "new": "",
    "same": "you have it already",
    "changed": "changed since you added it",
    "replaces": "takes the place of a tool of the same name",
}


def found(title: str, usable: int, refused: int) -> str:
    """Return how much of a description can be used; `title` is Markdown already."""
    left = f", {refused} can't" if refused else ""
    return f"**{title}** describes {count(usable + refused, 'operation')}: {usable} can be used{left}."


def more(number: int) -> str:
    """Return that a description was cut."""
    return f"{count(number, 'operation')} after the first 200 were not looked at."


def lock(header: str) -> str:
    """Return in which header the service wants a secret; it is Markdown already."""
    return f"The service wants to know who asks, by a secret in this line (header): {header}"


def gone(titles: Sequence[str]) -> str:
    """Return which tools are no longer described; the titles are Markdown already."""
    return f"No longer in the description: {', '.join(titles)}. You may remove them from your tools."


def asked(acts: bool, method: str, path: str, needed: Sequence[str], left_out: Sequence[str]) -> str:
    """Return how an operation is asked."""
    parts = ["may change something, asks you each time" if acts else "only reads"]
    parts += [f"needs {', '.join(needed)}"] if needed else ["needs no value"]
    parts += [f"leaves out {', '.join(left_out)}"] if left_out else []
    return "; ".join([*parts, f"{method} {path}"])


def no_question(line: str) -> str:
    """Return that a line belongs to no ticked operation."""
    return f"The line {line!r} begins with the name of no ticked operation."


WRITE_QUESTION = "Write the name as it stands above, a colon, and a question."
