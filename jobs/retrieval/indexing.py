"""The job that reads documents into a collection: first all of them, then all vectors, then it keeps them."""

import time
from collections.abc import Sequence
from pathlib import Path

from jobs.context import JobContext, Made
from jobs.models.client import connect
from jobs.models.door import Door
from jobs.requests import Index
from jobs.retrieval.cutting import CutDocument, embedded_text
from jobs.retrieval.reading import Document, documents_in, read_document
from jobs.retrieval.rows import rows_document, superseded
from storage.errors import Damaged, TriptychError
from storage.records import Json

_BATCH = 32


def index(request: Index, context: JobContext) -> Made:
    """Read every file or row of the request into its collection, each document in place of the one of the same name.

    A file that can't be read is told in the result and does not stop the others. Raises its error where no file is
    left, ModelUnavailable where nothing can be embedded; then nothing was changed.
    """
    return index_with(connect(context.workspace.settings), request, context)


def index_with(door: Door, request: Index, context: JobContext) -> Made:
    """Do the work of `index` through the given door. Documents read with another embedder are embedded again."""
    read, failed = _read_all(request, context)
    if request.dataset_id is not None:
        read.append(rows_document(context.workspace, request.dataset_id))
    embedder, vectors = _embed(door, [text for one in read for text in one.embedded()], context)
    collection = context.workspace.collections.ensure(request.collection)
    if collection.embedder not in {"", embedder}:
        _embed_again(door, request.collection, context)
    context.report(phase="keep", step=0, of=len(read))
    context.check()
    if superseded(context.workspace, request):
        read.pop()  # the rows, which came last
    kept: list[Json] = []
    remaining = iter(vectors)
    for one in read:
        made = context.workspace.collections.put_document(collection.id, one.with_vectors(embedder, remaining))
        notes = {"notes": list(one.text.notes)} if one.text.notes else {}
        kept.append({"name": made.name, "passages": made.passages, **notes})
        context.report(step=len(kept))
    return Made({"documents": kept, "failed": failed})


def _read_all(request: Index, context: JobContext) -> tuple[list[CutDocument], list[Json]]:
    read: list[CutDocument] = []
    faults: list[tuple[str, TriptychError]] = []
    for done, (path, name) in enumerate(request.files):
        context.report(phase="read", step=done, of=len(request.files))
        context.check()
        try:
            documents = _documents(context.workspace.home / path, name)
        except TriptychError as fault:
            faults.append((name, fault))
            continue
        for document in documents:
            context.check()
            try:
                read.append(_read_one(document))
            except TriptychError as fault:
                faults.append((document.name, fault))
    if faults and not read:
        raise faults[0][1]
    return read, [{"name": name, "text": str(fault), "next_step": fault.next_step} for name, fault in faults]


def _documents(path: Path, name: str) -> Sequence[Document]:
    if not path.is_file():
        raise Damaged(f"The uploaded file of {name} is gone.", "Add the document once more.")
    return documents_in(path, name)


def _read_one(document: Document) -> CutDocument:
    text = read_document(document.path, document.name, document.place)
    return CutDocument(document.name, text.sha256, text)


def _embed(door: Door, texts: Sequence[str], context: JobContext) -> tuple[str, list[list[float]]]:
    """Return the embedder's identity and a vector for each text; asks for the identity even without a text."""
    began = time.monotonic()
    context.report(phase="embed", step=0, of=len(texts))
    # Texts of one length go together: a batch is as slow as its longest text.
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    embedder, vectors = "", dict[int, list[float]]()
    for start in range(0, max(1, len(texts)), _BATCH):
        context.check()
        places = order[start : start + _BATCH]
        embedder, some = door.embed([texts[place] for place in places] or [" "])
        vectors |= zip(places, some, strict=False)
        left = (time.monotonic() - began) / max(1, len(vectors)) * (len(texts) - len(vectors))
        context.report(step=len(vectors), seconds_left=left)
    return embedder, [vectors[place] for place in range(len(texts))]


def _embed_again(door: Door, collection: str, context: JobContext) -> None:
    kept = context.workspace.collections.passages_of(collection)
    embedder, vectors = _embed(door, [embedded_text(passage.title, passage.text) for passage in kept], context)
    by_id = dict(zip((passage.id for passage in kept), vectors, strict=True))
    context.workspace.collections.embed_again(context.workspace.collections.get(collection).id, embedder, by_id)
