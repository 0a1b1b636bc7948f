"""Examples that stand in a prompt, so that a model sees how one answers here without having been trained."""

from jobs.retrieval.words import estimate_tokens
from storage.errors import NotFound
from storage.records import Adapter, Example
from storage.workspace import Workspace

SHOTS = 3
_MOST_TOKENS = 130  # each: three of them leave a small model room for the question
Shots = tuple[tuple[str, str], ...]


def shots_of(adapter: Adapter | None, workspace: Workspace) -> Shots:
    """Return three pairs of question and answer, far apart from each other; nothing where there are not as many.

    They are rows that a training may learn, never those held back: of the examples that `adapter` was taught, else of
    the newest ones.
    """
    dataset_id = _taught(adapter, workspace) or _newest(workspace)
    rows = workspace.datasets.examples(dataset_id, "learn") if dataset_id else []
    fitting = [row for row in rows if _fits(row)]
    if len(fitting) < SHOTS:
        return ()
    step = (len(fitting) - 1) / (SHOTS - 1)
    return tuple((row.question, row.answer) for row in (fitting[round(number * step)] for number in range(SHOTS)))


def _fits(row: Example) -> bool:
    """Whether a row says all of itself in a few words: no text before it, nothing said before, no instruction."""
    alone = not (row.context or row.history or row.instruction)
    return alone and estimate_tokens(f"{row.question} {row.answer}") <= _MOST_TOKENS


def _taught(adapter: Adapter | None, workspace: Workspace) -> str:
    if adapter is None:
        return ""
    try:
        return workspace.datasets.get(adapter.dataset_id).id
    except NotFound:
        return ""  # deleted since


def _newest(workspace: Workspace) -> str:
    kept = workspace.datasets.list()
    return kept[0].id if kept else ""
