"""What stands on the page of the rows of a version."""

from collections.abc import Mapping

from studio.wording.numbers import count

TITLE = "Rows"
INTRO = (
    "Look at the rows of a version, search them, and change what is not as it should be. Nothing kept is ever changed: "
    "what you keep is a new version."
)
VERSION = "Examples"
SEARCH = "Search"
SEARCH_HELP = "In questions and answers."
PART = "Which rows?"
PARTS = {"": "All rows", "learn": "To learn from", "watch": "Watched while learning", "exam": "Held back (exam)"}
KIND = "Kind"
EVERY_KIND = "Every kind"
EDIT = "Edit"
BEFORE = "Earlier rows"
AFTER = "Later rows"
NOTHING = "No row is like that."
NO_VERSIONS = "There are no examples yet. [Add some](/examples) first."
QUESTION = "Question"
ANSWER = "Good answer"
MORE = "More of this row"
INSTRUCTION = "Instruction for the model (optional)"
CONTEXT = "Text that the answer rests on (optional)"
ROW_KIND = "Kind of question (optional)"
NEW = "Write a new row"
NEW_ROW = "## A new row"
CHANGE = "Put it among the changes"
DELETE = "Take this row out"
KEEP = "Keep as a new version"
FORGET = "Forget the changes"
NO_CHANGES = "No changes yet. Press Edit beside a row, or write a new one."
COMPARE = "What changed since the version before"
FIRST = "This is the first version."
SAME = "Nothing but where it came from."
EXPORT = "Take away"
AS_CSV = "all rows as a table (CSV)"
AS_JSONL = "as messages (JSON lines)"
HISTORY = "Said before in this conversation"
CHANGED = "Changed"
TAKEN_OUT = "Taken out"
ADDED = "New"
MOST_SHOWN = 20
BOTH_NEEDED = "A row needs a question and an answer."
WRITE_BOTH = "Write both."


def address(dataset_id: str) -> str:
    """Return the address of a version's rows."""
    return f"/rows?dataset={dataset_id}"


def page_of(first: int, last: int, of: int) -> str:
    """Return which rows are shown."""
    return f"{count(of, 'row')}" if last - first + 1 >= of else f"Rows {first:,} to {last:,} of {of:,}"


def row(number: int) -> str:
    """Return what a row is called."""
    return f"Row {number:,}"


def pending(changed: Mapping[str, int]) -> str:
    """Return how many changes wait to be kept: edited, added and deleted rows."""
    told = [f"{number:,} {what}" for what, number in changed.items() if number]
    return f"Not kept yet: {', '.join(told)}."


def kept(name: str, version: int, dataset_id: str) -> str:
    """Return that the changes are a version now."""
    return f"Kept as version {version} of {name}. [Train on it](/train?dataset={dataset_id})"


def compared(added: int, removed: int, changed: int, same: int, before: int) -> str:
    """Return how a version differs from the one before it."""
    told = f"{count(added, 'new row')}, {count(removed, 'row')} taken out, {changed:,} changed, {same:,} as before"
    return f"Against version {before}: {told}."
