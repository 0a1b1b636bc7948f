"""Tools in words: their titles, and what each permission means."""

from storage.records import Permission

PERMISSIONS = {
    Permission.AUTO: "By itself",
    Permission.ASK: "Ask me each time",
    Permission.OFF: "Off for now",
}
PERMISSION_HELP = "By itself: only tools that read, never tools that change something."
KEY_HELP = "The model names a value of this column and gets the whole row back."
_LOOK_UP = "look_up_"


def title(name: str) -> str:
    """Return a tool's name as a person says it: `look_up_orders` is `Look up orders`."""
    return name.replace("_", " ").strip().capitalize()
