"""What stands on the Compare page."""

from urllib.parse import quote

INTRO = "Ask once and read the answers side by side, each with the evidence that made it."
QUESTION = "Your question"
PLACEHOLDER = "For example: how long do I have to send something back?"
NO_QUESTION = "There is no question yet."
WRITE_ONE = "Write one, or press one of the questions below."
STOP = "Stop all"
EXAMPLES = "Questions that training never saw, from your examples:"
SHOWN = "Columns to show"
USES = "What the columns may use"
NEWEST = "The newest"
ADAPTER = "Trained on your examples"
ADAPTER_HELP = "Tuned and Hybrid answer with this adapter."
COLLECTION = "Documents"
COLLECTION_HELP = "Documents and Hybrid look here first."
FREEDOMS = (("Exact", 0.0), ("Balanced", 0.5), ("Inventive", 1.0))
FREEDOM_HELP = (
    "Exact: always the likeliest words. Inventive: less likely ones, too (temperature 1; balanced is 0.5). Every "
    "column draws with the same seed, so that luck sets them apart as little as possible."
)
WORDINGS = (("Auto", "auto"), ("Quote the documents", "quote"), ("The model's own words", "free"))
TOOLS_HELP = "Tools and Hybrid may use every tool that is not off. [Choose tools](/tools)"
EARLIER = "Earlier comparisons"
NONE_EARLIER = "None yet. Each question you ask is kept here, with its answers."
KEPT = "Kept."
LINK = "Link to this comparison"
VOTED = "Your choice is kept."
AGAIN = "Again"
STOP_ONE = "Stop"
WIDER = "Wider"
NARROWER = "Narrower"
COMPLETE = "Ask again where no whole answer came"
NOT_ASKED = "This way was not asked here."


def link(comparison_id: str) -> str:
    """Return the line that says where a comparison is found again."""
    return f"{KEPT} [{LINK}]({address(comparison_id)})"


def asking(question: str) -> str:
    """Return the address of the page with a question filled in."""
    return f"/compare?q={quote(question)}"


def address(comparison_id: str) -> str:
    """Return the address of a comparison."""
    return f"/compare?c={comparison_id}"


def freedom(temperature: float) -> str:
    """Return how freely a column words its answers."""
    named = {value: name for name, value in FREEDOMS}.get(temperature)
    return f"{named} (temperature {temperature:g})" if named else f"Temperature {temperature:g}"
