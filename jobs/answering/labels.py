"""The labels that an adapter was taught, found among the answers that it learned."""

from jobs.metrics.labels import MOST_TAUGHT, taught_labels
from jobs.tools.choosing import TAUGHT
from storage.records import Adapter
from storage.workspace import Workspace


def learned_answers(dataset_id: str, workspace: Workspace) -> dict[str, int]:
    """Return how often each answer of a dataset is learned or watched; nothing where there are more than labels.

    Nothing, too, where answers are calls of tools: their names are no labels, and asked for in another way.
    """
    if any(kept.id == dataset_id and kept.columns.get("answer") == TAUGHT for kept in workspace.datasets.list()):
        return {}
    # Spellings of one label count as one, so there may be some more of them.
    return workspace.datasets.answer_counts(dataset_id, 2 * MOST_TAUGHT, "learn", "watch")


def labels_of(adapter: Adapter, workspace: Workspace) -> tuple[str, ...]:
    """Return the labels where an adapter was taught labels and nothing else, else nothing."""
    return taught_labels(learned_answers(adapter.dataset_id, workspace))
