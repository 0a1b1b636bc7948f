"""What an adapter was taught, as far as answers depend on it."""

from storage.workspace import Workspace

# How the rows that teach reading say in `Dataset.source` where they are from; the collection's name follows.
READING = "reading:"


def reads_passages(adapter_id: str, workspace: Workspace) -> bool:
    """Whether an adapter learned from rows that teach reading, edited by hand or not, and so no voice of its own.

    No where the adapter or these rows are not there any more.
    """
    learned = {adapter.dataset_id for adapter in workspace.adapters.list() if adapter.id == adapter_id}
    versions = workspace.datasets.list()
    names = {kept.name for kept in versions if kept.id in learned}
    return any(kept.name in names and kept.source.startswith(READING) for kept in versions)
