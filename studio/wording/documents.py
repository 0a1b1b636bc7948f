"""What stands on the Documents page."""

from collections.abc import Sequence
from urllib.parse import quote

from studio.wording.numbers import count, duration

INTRO = "Facts that are looked up before the model answers: it reads the passages that fit the question."
FILES = "Add documents (PDF, Word, HTML, text, CSV, Excel, ZIP)"
COLLECTION = "Which documents"
COLLECTION_HELP = (
    "Each is searched by itself. Files that you add go into the one shown, never among the rows of examples."
)
DEFAULT = "documents"
EMPTY = "No documents yet. Until then the columns Documents and Hybrid have nothing to look in."
EMPTY_HERE = "Nothing in here yet. Add a document, or choose other documents above."
LIST = "Your documents"
REMOVE = "Remove"
SURE = "Remove it? Answers will no longer know what it says."
YES = "Yes, remove"
NO = "No, keep it"
EDIT = "Edit"
EDIT_TEXT = "Its text"
EDIT_HELP = "Answers know it from the next question on; no model has to be trained again."
SAVE = "Save"
LEAVE = "Close without saving"
SEARCH = "Try a search"
SEARCH_HELP = (
    "See what a question would find, without asking a model. Ask in the language of your documents: in another one "
    "little is found."
)
CALIBRATE = "Set it from your drafted questions"
USUAL = "Back to the usual"
MISSED = "Should another document have been found?"
MISSED_HELP = (
    "Make a test question of it: Scores then counts how often the right document is found and the answer is right."
)
WHICH = "This one should have been found"
EXPECTED = "What the answer should say"
KEEP = "Keep as a test question"
WHICH_FIRST = "There is no document chosen yet."
QUESTION = "Question"
FIND = "Search"
HOW_MANY = "Passages"
NO_QUESTION = "There is nothing to search for yet."
NO_MATCH = "Nothing above the threshold: the ways would say that your documents do not answer this."
NEXT = "[Compare the answers](/compare) that rest on them."
_NAMED = 12
CHOOSE_FILES = "No file was chosen yet."


def address(collection: str) -> str:
    """Return the address of the page with this collection shown."""
    return f"/documents?collection={quote(collection)}"


def few(names: Sequence[str]) -> str:
    """Return the first of many names, and how many more there are; names are Markdown already."""
    more = len(names) - _NAMED
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:_NAMED])} and {more:,} more"


def more_lines(count_of: int) -> str:
    """Return that there are more sentences of this kind than are shown."""
    return f"And {count_of:,} more like these."


def rows_of(name: str, version: int) -> str:
    """Return what is special about documents that were made of examples; `name` is Markdown already."""
    return (
        f"These are the rows that a training on {name}, version {version}, learns from; none of the exam is among "
        "them. Each row is a passage. Files that you add go into documents of their own."
    )


def rows_read(rows: int, collection: str) -> str:
    """Return that the rows of examples can be looked up now; `collection` is Markdown already."""
    return f"{count(rows, 'passage')} read into {collection}. Documents and Hybrid can look in them from now on."


def editing(name: str) -> str:
    """Return what is being edited; `name` is Markdown already."""
    return f"## Edit {name}"


def saved(name: str, new: int, passages: int, seconds: float) -> str:
    """Return that an edited document counts now; `name` is Markdown already."""
    read = f"{new} of {count(passages, 'passage')} read anew in {duration(seconds)}" if new else "no passage is new"
    return f"**✓** {name} is saved: {read}. Answers know it from the next question on. [Ask it](/compare)"


def why(meaning: float, held: str, lacking: str, also: str) -> str:
    """Return why a passage was found; `held` and `lacking` are words of the question, `also` documents, as Markdown."""
    parts = [f"meaning {meaning:.2f}", f"has the words: {held}" if held else "has none of the question’s words"]
    parts += [f"lacks: {lacking}"] if lacking else []
    parts += [f"the same stands in {also}"] if also else []
    return " · ".join(parts)


def threshold(score: float, own: bool) -> str:
    """Return which score a passage needs to be read, and where that comes from."""
    source = "found out on your drafted questions" if own else "the usual one"
    needed = f"A passage needs a score of **{score:.2f}** to be read ({source})."
    return f"{needed} Below it the answer is: Your documents don’t say."


def calibrated(score: float, questions: int, answered: float, withheld: float) -> str:
    """Return what the threshold is now and what it does; the shares are from 0 to 1."""
    return (
        f"**✓** A passage needs {score:.2f} now. Of {count(questions, 'drafted question')} {answered:.0%} find "
        f"something; with the passage taken out that holds the answer, {withheld:.0%} find nothing."
    )


def usual_again(score: float) -> str:
    """Return that the usual threshold counts again."""
    return f"**✓** A passage needs {score:.2f} again, as usual."


def missed(name: str, version: int, replaced: bool) -> str:
    """Return that a search became a test question; `name` is Markdown already."""
    took = "It takes the place of the one that asked the same. " if replaced else ""
    return f"**✓** Kept in {name}, version {version}. {took}[Score it](/scores)"


def removed(name: str) -> str:
    """Return that a document is gone; `name` is Markdown already."""
    return f"{name} is removed. Answers no longer know it, from now on."
