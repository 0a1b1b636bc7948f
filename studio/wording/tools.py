"""Tools in words: their titles, and what each permission means."""

from jobs.tools.sample_orders import TITLES
from storage.records import Permission

PERMISSIONS = {
    Permission.AUTO: "By itself",
    Permission.ASK: "Ask me each time",
    Permission.OFF: "Off for now",
}
READS_HELP = "Ask me each time: a card on Compare shows the call, and it runs only if you allow it."
ACTS_HELP = (
    "It changes something, so it never runs by itself: a card on Compare shows the call, and you allow or refuse it."
)
KEY_HELP = "The model names a value of this column and gets the whole row back."
_LOOK_UP = "look_up_"


def title(name: str) -> str:
    """Return a tool's name as a person says it: `look_up_orders` is `Look up orders`."""
    return TITLES.get(name) or name.replace("_", " ").strip().capitalize()


INTRO = (
    "What the model may do while it answers: exact sums, units, the date, look-ups in your own tables, questions to "
    "your databases and to services on the web, and tools of other programs."
)
LIST = "Tools"
MAY_RUN = "May run"
NEVER_USED = "Never used yet"
TRY = "Try it"
RUN = "Run"
SURE_RUN = "This tool changes something for real. Run it with what stands above?"
YES_RUN = "Yes, run it"
NO_RUN = "No, do nothing"
ADD = "Add a look-up table"
ADD_HELP = "A file with one row for each order, customer or product. The model gets the row, word for word."
FILE = "Your table (CSV or TSV, up to 50 MB)"
KEY = "Which column finds a row?"
NAME = "Name"
NAME_HELP = "What the rows are, for example orders."
ADD_BUTTON = "Add this table"
REMOVE = {
    "table": "Remove this table",
    "database": "Remove this database",
    "service": "Remove this service",
    "mcp": "Remove this tool",
}
SURE = {
    "table": "Remove the table and its rows?",
    "database": "Remove this tool? The database itself stays as it is.",
    "service": "Remove this tool and its secret?",
    "mcp": "Remove this tool and its secret? The server itself stays as it is.",
}
YES = "Yes, remove"
NO = "No, keep it"


def key_guessed(reason: str) -> str:
    """Return why a key column was chosen, and what it is for."""
    return f"We guessed this one: {reason}. {KEY_HELP}"
