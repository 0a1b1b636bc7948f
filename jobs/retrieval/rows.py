"""The rows that a training learns, never those of the exam, as a document: the ways that read then know the same."""

import hashlib
from collections.abc import Iterator, Sequence

from jobs.queue import Queue
from jobs.requests import Index
from jobs.retrieval.cutting import CutDocument, as_title, spans_of_rows
from jobs.retrieval.reading import Row, Text
from storage.errors import NotFound, TooLarge
from storage.records import Dataset, Example, Job
from storage.removing import remove_collection
from storage.workspace import Workspace

MOST_ROWS = 20_000
_LOOKED_UP = ", looked up"
_LONGEST_COLLECTION = 120
_BETWEEN = "\n\n"


def look_up(queue: Queue, dataset: Dataset) -> Job:
    """Ask for the training rows of a dataset version to be read, in place of an earlier version's; once a version.

    Raises TooLarge where there are more rows than can be looked up.
    """
    rows = dataset.used - dataset.held_out
    if rows > MOST_ROWS:
        raise TooLarge(
            f"{rows:,} rows are too many to be looked up; at most {MOST_ROWS:,} can be.",
            "They are kept all the same, and you can train on them.",
        )
    request = Index(collection=collection_for(dataset.name), dataset_id=dataset.id)
    return queue.enqueue(request, f"rows of {dataset.id}")


def keep_in_step(workspace: Workspace, queue: Queue, before: Dataset, after: Dataset) -> Job | None:
    """Ask for the rows of the next version to be read where those of the one before are looked up; else None."""
    if same_rows_as(workspace, collection_for(before.name)) != before.id:
        return None
    return look_up(queue, after)


def collection_for(dataset_name: str) -> str:
    """Return the name of the collection that holds the rows of the dataset of this name."""
    room = _LONGEST_COLLECTION - len(_LOOKED_UP)
    if len(dataset_name) > room:
        mark = hashlib.sha256(dataset_name.encode()).hexdigest()[:8]
        dataset_name = f"{dataset_name[: room - 9]} {mark}"
    return dataset_name + _LOOKED_UP


def same_rows_as(workspace: Workspace, collection: str) -> str | None:
    """Return the id of the dataset version whose training rows, and nothing else, the collection holds; else None."""
    try:
        held = workspace.collections.documents(collection)
    except NotFound:
        return None
    marks = {document.sha256 for document in held}
    known = (dataset.id for dataset in workspace.datasets.list() if _mark(dataset.id) in marks)
    return next(known, None) if len(held) == 1 else None


def looked_up(workspace: Workspace) -> dict[str, str]:
    """Return the collections that hold the rows of a dataset version, by the version's id."""
    names = [collection.name for collection in workspace.collections.list()]
    found = {name: same_rows_as(workspace, name) for name in names}
    return {dataset_id: name for name, dataset_id in found.items() if dataset_id is not None}


def forget_rows(workspace: Workspace, dataset_name: str) -> None:
    """Remove what was read of the rows of any version of a dataset, and its collection where nothing else is in it."""
    name = collection_for(dataset_name)
    marks = {_mark(dataset.id) for dataset in workspace.datasets.list() if dataset.name == dataset_name}
    try:
        held = workspace.collections.documents(name)
    except NotFound:
        return
    if held and all(document.sha256 in marks for document in held):
        remove_collection(workspace.database, name)
        return
    for document in held:
        if document.sha256 in marks:
            workspace.collections.remove_document(document.id)


def superseded(workspace: Workspace, request: Index) -> bool:
    """Whether the collection holds a later version of the rows that the request asks for."""
    held = same_rows_as(workspace, request.collection)
    if held is None or request.dataset_id is None:
        return False
    return workspace.datasets.get(held).version > workspace.datasets.get(request.dataset_id).version


def rows_document(workspace: Workspace, dataset_id: str) -> CutDocument:
    """Return the training rows of a dataset version as one document with a passage for each row.

    A passage is found by its question, which is its title; a row too long for one passage is cut into several.
    Raises NotFound.
    """
    dataset = workspace.datasets.get(dataset_id)
    rows = workspace.datasets.examples(dataset.id, "learn", "watch")
    texts = [_text(example) for example in rows]
    name = f"{dataset.name} (training rows)"
    text = _BETWEEN.join(texts)
    spans = spans_of_rows(text, _rows(rows, texts))
    return CutDocument(name, _mark(dataset.id), Text(text), spans, by_rows=True)


def _mark(dataset_id: str) -> str:
    # In the place of a file's hash: which version the rows are of, and so which rows, since a version never changes.
    return hashlib.sha256(f"training rows of dataset {dataset_id}".encode()).hexdigest()


def _text(example: Example) -> str:
    return "\n\n".join(filter(None, (f"{example.question}\n{example.answer}", example.context)))


def _rows(rows: Sequence[Example], texts: Sequence[str]) -> Iterator[Row]:
    start = 0
    for example, text in zip(rows, texts, strict=True):
        yield Row(start, start + len(text), (as_title(example.question),))
        start += len(text) + len(_BETWEEN)
