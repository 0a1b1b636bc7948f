"""What stands at the adapters on the Train page."""

from collections.abc import Mapping

from storage.adapters import RESTORABLE_S
from storage.exports import Whole
from studio.wording.numbers import count, until
from studio.wording.ways import way_words

TITLE = "What you own"
NONE = "Nothing yet. Each training that ends well leaves an adapter here."
USE = "Use in Compare"
DOWNLOAD = "Download"
WHOLE = "Take it away as a whole model"
WHOLE_HELP = (
    "The model and what it learned become one, for other programs. What was written is loaded again and must answer as "
    "here before it can be downloaded."
)
FORMS: Mapping[Whole, tuple[str, str]] = {
    "gguf": ("One file for Ollama and llama.cpp", "With a Modelfile: `ollama create my-model -f Modelfile`."),
    "merged": ("A folder for transformers and vLLM", "For people who program: all files that these two open."),
}
WRITE = "Write it"
STOP_WRITING = "Stop"
LET_GO = "Remove the files"
DELETE = "Delete"
YES = "Yes, delete"
NO = "No, keep it"
NOT_SCORED = "not scored yet"
FILES_GONE = "its files are not where they were kept: run `triptych doctor`"
DELETED = "Deleted adapters"
DELETED_HELP = "They are kept for 30 days and then removed for good."
RESTORE = "Restore"
UNNAMED = "Without a name"


def address(adapter_id: str) -> str:
    """Return the address of Compare with this adapter chosen."""
    return f"/compare?adapter={adapter_id}"


def writing(step: int, of: int) -> str:
    """Return that a whole model is being written, and how far that is."""
    return f"being written, {step} of {of} done…" if of else "waits to be written…"


def whole_download(adapter_id: str, form: str) -> str:
    """Return where an adapter's whole model can be taken away in this form."""
    return f"/downloads/models/{adapter_id}-{form}.zip"


def download(adapter_id: str) -> str:
    """Return where the adapter's files can be taken away."""
    return f"/downloads/adapters/{adapter_id}.zip"


def right(way: str, right: int, of: int) -> str:
    """Return how often the adapter was right, and in which way of answering."""
    return f"{right} of {of} right as {way_words(way).title}"


def sure(comparisons: int, scorecards: int) -> str:
    """Return the question before an adapter is deleted, with what depends on it."""
    parts = [
        words
        for number, words in ((comparisons, count(comparisons, "comparison")), (scorecards, count(scorecards, "score")))
        if number
    ]
    if not parts:
        return "Delete it? Nothing was asked of it so far. You can bring it back for 30 days."
    stay = "stays" if comparisons + scorecards == 1 else "stay"
    return f"Delete it? {' and '.join(parts)} made with it {stay} readable. You can bring it back for 30 days."


def deleted(name: str) -> str:
    """Return that an adapter is deleted; `name` is Markdown already."""
    return f"{name} is deleted. You can bring it back for 30 days, below under “{DELETED}”."


def restored(name: str) -> str:
    """Return that an adapter is back; `name` is Markdown already."""
    return f"{name} is back."


def left(deleted_at: float, now: float) -> str:
    """Return until when a deleted adapter can be brought back."""
    return f"removed for good {until(deleted_at + RESTORABLE_S, now)}"


def list_title(number: int) -> str:
    """Return the head of the list of deleted adapters."""
    return f"{DELETED} ({number})"
