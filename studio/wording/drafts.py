"""What stands on the page where examples are drafted from documents."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from studio.wording import rows
from studio.wording.numbers import count

TITLE = "Drafts from your documents"
INTRO = (
    "A model reads passages of your documents and drafts questions with answers. Nothing becomes an example before you "
    "have read it: keep, mend or drop each one."
)
WEAK = (
    "The model of this computer is small, so expect to drop or mend many. A stronger one can draft alone: set "
    "TRIPTYCH_DRAFT_URL and TRIPTYCH_DRAFT_MODEL."
)
STRONGER = "The model {model} of another server drafts, so passages of your documents go there."
COLLECTION = "Documents"
MOST = "How many"
DRAFT = "Draft examples"
NO_DOCUMENTS = "There are no documents yet. [Add some](/documents) first."
NONE = "No drafts wait to be read."
QUESTION = "Question"
ANSWER = "Answer"
KEEP = "Keep"
DROP = "Drop"
PASSAGE = "From"
SET = "Add those you kept to"
SET_HELP = "Choose a set, or write the name of a new one."
ADD = "Make them examples"
NONE_KEPT = "You have kept no draft yet."
KEEP_SOME = "Read the drafts and keep those that are right."
NO_SET = "It is not said which set they join."
TEACH_READING = "Teach reading: make training rows of every question you kept"
READING_HELP = (
    "**Teach reading.** A model that learned such rows has practised to answer from your documents, as in Hybrid: each "
    "question stands behind the passage that answers it, mostly beside a similar one that does not, and in every fifth "
    "row without it; there the answer is that your documents don't say. In Hybrid it quotes your documents and points "
    "at the words that answer. What is held back for testing stays held back. Keep many drafts first: taught with few, "
    "the model finds more often that nothing is said, also where something is."
)
NO_READING = "There are no documents to read from."
STOP = "Stop and keep the drafts so far"


def address(collection: str) -> str:
    """Return the address of the drafts of a collection."""
    return f"/drafts?{urlencode({'collection': collection})}"


def offer(collection: str) -> str:
    """Return the link from documents to the drafts of them."""
    return f"[Draft examples from these documents]({address(collection)})"


def left(new: int, kept: int) -> str:
    """Return how many drafts wait, and how many were kept."""
    return f"{count(new, 'draft')} to read, {kept:,} kept and not added yet."


def drafted(made: int, asked: int) -> str:
    """Return what the drafting came to."""
    return f"{count(made, 'usable draft')} from {count(asked, 'passage')}."


def unusable(reason: str, number: int) -> str:
    """Return how many pairs were of no use, and why."""
    return f"{number:,} × {reason}"


def added(number: int, name: str, version: int, dataset_id: str) -> str:
    """Return that kept drafts are examples now."""
    train = f"[Train on them](/train?dataset={dataset_id})"
    return f"{count(number, 'draft')} added to {name}, now version {version}. {train}"


def rows_taught(name: str, version: int, rows_by_kind: Mapping[str, Any]) -> str:
    """Return what rows teach reading now: with the passage beside another one, alone, or without it."""
    told = (
        f"{name}, version {version}: {count(rows_by_kind['beside'], 'row')} with the right passage beside another one, "
        f"{rows_by_kind['alone']:,} with it alone, {rows_by_kind['without']:,} without it."
    )
    gone = rows_by_kind["left_out"]
    return f"{told} {count(gone, 'question')} left out, whose passage reads otherwise now." if gone else told


def taught(name: str, version: int, dataset_id: str, rows_by_kind: Mapping[str, Any]) -> str:
    """Return what rows teach reading now, and where to go on."""
    links = f"[Look at the rows]({rows.address(dataset_id)}) · [Train on them](/train?dataset={dataset_id})"
    return f"{rows_taught(name, version, rows_by_kind)} {links}"
